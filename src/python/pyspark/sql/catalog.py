"""`Catalog`: databases, tables, views and functions."""

from collections import namedtuple

from pyspark.sql import types as T
from pyspark.sql.dataframe import build, numbered

__all__ = ["Catalog", "CatalogMetadata", "Column", "Database", "Function", "Table"]

CatalogMetadata = namedtuple("CatalogMetadata", "name description")
Database = namedtuple("Database", "name catalog description locationUri")
Column = namedtuple("Column", "name description dataType nullable isPartition isBucket isCluster")
Function = namedtuple("Function", "name catalog namespace description className isTemporary")
TablePartition = namedtuple("TablePartition", "partition")
_Table = namedtuple("Table", "name catalog namespace description tableType isTemporary")


class Table(_Table):
    __slots__ = ()

    @property
    def database(self):
        return self.namespace[0] if self.namespace is not None and len(self.namespace) == 1 else None


class Catalog:
    def __init__(self, session):
        self._session = session

    def _rows(self, operation, **args):
        given = {key: value for key, value in args.items() if value is not None}
        node = numbered("CatalogRelation", operation=operation)
        node["arguments"] = given
        return build(self._session, node).collect()

    def _value(self, operation, **args):
        return self._rows(operation, **args)[0][0]

    def currentCatalog(self):
        return self._value("CurrentCatalog")

    def setCurrentCatalog(self, catalogName):
        self._rows("SetCurrentCatalog", catalogName=catalogName)

    def listCatalogs(self, pattern=None):
        return [CatalogMetadata(*row) for row in self._rows("ListCatalogs", pattern=pattern)]

    def currentDatabase(self):
        return self._value("CurrentDatabase")

    def setCurrentDatabase(self, dbName):
        self._rows("SetCurrentDatabase", dbName=dbName)

    def listDatabases(self, pattern=None):
        return [Database(*row) for row in self._rows("ListDatabases", pattern=pattern)]

    def getDatabase(self, dbName):
        return Database(*self._rows("GetDatabase", dbName=dbName)[0])

    def databaseExists(self, dbName):
        return self._value("DatabaseExists", dbName=dbName)

    def createDatabase(self, dbName, ifNotExists=False, properties=None):
        self._rows("CreateDatabase", dbName=dbName, ifNotExists=ifNotExists, properties=properties)

    def dropDatabase(self, dbName, ifExists=False, cascade=False):
        self._rows("DropDatabase", dbName=dbName, ifExists=ifExists, cascade=cascade)

    def listTables(self, dbName=None, pattern=None):
        return [Table(*row[:6]) for row in self._rows("ListTables", dbName=dbName, pattern=pattern)]

    def listViews(self, dbName=None, pattern=None):
        if dbName is None and pattern is not None:
            dbName = self.currentDatabase()
        return [Table(*row[:6]) for row in self._rows("ListViews", dbName=dbName, pattern=pattern)]

    def getTable(self, tableName):
        return Table(*self._rows("GetTable", tableName=tableName)[0][:6])

    def tableExists(self, tableName, dbName=None):
        return self._value("TableExists", tableName=tableName, dbName=dbName)

    def listColumns(self, tableName, dbName=None):
        return [Column(*row) for row in self._rows("ListColumns", tableName=tableName, dbName=dbName)]

    def listPartitions(self, tableName):
        return [TablePartition(*row) for row in self._rows("ListPartitions", tableName=tableName)]

    def createTable(self, tableName, path=None, source=None, schema=None, description=None, **options):
        if schema is not None and not isinstance(schema, T.StructType):
            raise T._not_a("schema", "struct type", schema)
        self._rows(
            "CreateTable",
            tableName=tableName,
            path=path,
            source=source,
            description=description,
            schema=None if schema is None else schema._plan(),
            options={key: str(value) for key, value in options.items()},
        )
        return self._session.table(tableName)

    createExternalTable = createTable

    def dropTable(self, tableName, ifExists=False, purge=False):
        self._rows("DropTable", tableName=tableName, ifExists=ifExists, purge=purge)

    def dropView(self, viewName, ifExists=False):
        self._rows("DropView", viewName=viewName, ifExists=ifExists)

    def dropTempView(self, viewName):
        return self._value("DropTempView", viewName=viewName)

    def dropGlobalTempView(self, viewName):
        return self._value("DropGlobalTempView", viewName=viewName)

    def truncateTable(self, tableName):
        self._rows("TruncateTable", tableName=tableName)

    def analyzeTable(self, tableName, noScan=False):
        self._rows("AnalyzeTable", tableName=tableName, noScan=noScan)

    def recoverPartitions(self, tableName):
        self._rows("RecoverPartitions", tableName=tableName)

    def getTableProperties(self, tableName):
        return {row[0]: row[1] for row in self._rows("GetTableProperties", tableName=tableName)}

    def getCreateTableString(self, tableName, asSerde=False):
        return self._value("GetCreateTableString", tableName=tableName, asSerde=asSerde)

    def listFunctions(self, dbName=None, pattern=None):
        return [Function(*row) for row in self._rows("ListFunctions", dbName=dbName, pattern=pattern)]

    def functionExists(self, functionName, dbName=None):
        return self._value("FunctionExists", functionName=functionName, dbName=dbName)

    def getFunction(self, functionName):
        return Function(*self._rows("GetFunction", functionName=functionName)[0])

    def registerFunction(self, name, f, returnType=None):
        return self._session.udf.register(name, f, returnType)

    def isCached(self, tableName):
        return self._value("IsCached", tableName=tableName)

    def cacheTable(self, tableName, storageLevel=None):
        level = None if storageLevel is None else storageLevel.__dict__
        self._rows("CacheTable", tableName=tableName, storageLevel=level)

    def uncacheTable(self, tableName):
        self._rows("UncacheTable", tableName=tableName)

    def clearCache(self):
        self._rows("ClearCache")

    def refreshTable(self, tableName):
        self._rows("RefreshTable", tableName=tableName)

    def refreshByPath(self, path):
        self._rows("RefreshByPath", path=path)
