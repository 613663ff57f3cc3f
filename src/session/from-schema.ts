/** Key of the method by which a DataFrame makes another one that depends on its own schema. Not part of the API. */
export const FROM_SCHEMA: unique symbol = Symbol("lakelet.fromSchema");
