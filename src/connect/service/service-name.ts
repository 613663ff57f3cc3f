/** The service's full name, as it stands in the paths of its calls. */
export const SERVICE_NAME = "spark.connect.SparkConnectService";
