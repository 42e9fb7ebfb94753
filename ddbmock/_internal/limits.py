"""The service's limits, by name.

Numbers only: nothing here decides what happens when one is passed. Names carry their unit
(`_BYTES`, `_COUNT`, `_UNITS`, `_SECONDS`, ...). Each group cites the page that gives its numbers.

>>> ITEM_BYTES_MAX
409600
"""

from __future__ import annotations

KIB = 1024
MIB = 1024 * KIB
DAY_SECONDS = 24 * 60 * 60

# --- items and keys --------------------------------------------------------------------------
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html

#: An item, attribute names included ("400 KB").
ITEM_BYTES_MAX = 400 * KIB
PARTITION_KEY_BYTES_MAX = 2048
SORT_KEY_BYTES_MAX = 1024
#: Lists and maps inside one another; the outermost attribute value is level one.
NESTING_LEVELS_MAX = 32
#: Documents nested more deeply are answered by the older layer of the service (about, observed).
CURRENT_LAYER_NESTING_LEVELS = 62

# --- numbers ---------------------------------------------------------------------------------
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html

NUMBER_DIGITS_MAX = 38
#: Greatest magnitude 9.9999999999999999999999999999999999999E+125.
NUMBER_EXPONENT_MAX = 125
#: Smallest magnitude 1E-130.
NUMBER_EXPONENT_MIN = -130

# --- names -----------------------------------------------------------------------------------
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html

TABLE_NAME_CHARACTERS_MIN = 3
TABLE_NAME_CHARACTERS_MAX = 255
#: "An attribute name must be at least one character long and no greater than 64 KB in size."
ATTRIBUTE_NAME_BYTES_MAX = 65535
#: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html (TableArn)
TABLE_ARN_CHARACTERS_MAX = 1024

# --- expressions -----------------------------------------------------------------------------
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html

EXPRESSION_BYTES_MAX = 4 * KIB
#: Operators and functions of one UpdateExpression (and of a condition or filter expression).
EXPRESSION_OPERATORS_MAX = 300
#: Operands of one IN.
IN_OPERANDS_MAX = 100
#: One placeholder (`#name` or `:value`), and the name or value behind it.
PLACEHOLDER_BYTES_MAX = 255
#: All ExpressionAttributeNames and ExpressionAttributeValues of one request together.
EXPRESSION_SUBSTITUTIONS_BYTES_MAX = 2 * MIB
#: Steps (`.name`, `[n]`) of one document path: as deep as documents nest.
DOCUMENT_PATH_STEPS_MAX = 32
#: The greatest `[n]`; undocumented, observed.
LIST_INDEX_MAX = 2**32 - 2

# --- one request -----------------------------------------------------------------------------
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html

BATCH_GET_KEYS_MAX = 100
BATCH_GET_RESPONSE_BYTES_MAX = 16 * MIB
BATCH_WRITE_REQUESTS_MAX = 25
TRANSACTION_BYTES_MAX = 4 * MIB
#: How long a ClientRequestToken of a write transaction is remembered.
IDEMPOTENCY_WINDOW_SECONDS = 10 * 60
#: What one page of a Query or Scan reads.
PAGE_BYTES_MAX = MIB
LIST_TABLES_PAGE_MAX = 100
#: "N validation errors detected" lists no more than these.
LISTED_VIOLATIONS_MAX = 10

# --- quotas of an account --------------------------------------------------------------------
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html

#: Tables, indexes and other resources that may be created, changed or deleted at one time.
CONTROL_OPERATIONS_MAX = 500
#: Tables that may be restored at one time.
RESTORES_MAX = 50
#: The items of one partition key with their entries in local indexes.
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.ItemCollections
COLLECTION_BYTES_MAX = 10 * 1024 * MIB

# --- capacity --------------------------------------------------------------------------------
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/provisioned-capacity-mode.html

READ_UNIT_BYTES = 4 * KIB
WRITE_UNIT_BYTES = KIB
#: The service refuses more than this as a request, before it checks any quota of the account.
THROUGHPUT_UNITS_MAX = 1_000_000_000_000
#: Default quotas (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html)
TABLE_READ_UNITS_QUOTA = 40_000
TABLE_WRITE_UNITS_QUOTA = 40_000
ACCOUNT_READ_UNITS_QUOTA = 80_000
ACCOUNT_WRITE_UNITS_QUOTA = 80_000
#: "-1" removes the maximum of an on-demand table.
#: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_OnDemandThroughput.html
ON_DEMAND_UNITS_UNLIMITED = -1
#: What a new on-demand table serves at once: the least WarmThroughput.
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
INITIAL_READ_UNITS_PER_SECOND = 12_000
INITIAL_WRITE_UNITS_PER_SECOND = 4_000
#: The throughput of a partition, a second.
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
PARTITION_READ_UNITS_PER_SECOND = 3_000
PARTITION_WRITE_UNITS_PER_SECOND = 1_000
#: Unused capacity that is accumulated for bursts.
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
BURST_CAPACITY_SECONDS = 300
#: Four at any time of a UTC day, then one an hour.
THROUGHPUT_DECREASES_PER_DAY = 4
THROUGHPUT_DECREASE_INTERVAL_SECONDS = 60 * 60

# --- tables and indexes ----------------------------------------------------------------------
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html

TABLES_QUOTA = 2_500
GLOBAL_INDEXES_MAX = 20
LOCAL_INDEXES_MAX = 5
#: An UpdateTable creates or deletes one global secondary index.
GLOBAL_INDEX_CHANGES_PER_UPDATE_MAX = 1
#: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Projection.html
PROJECTED_NON_KEY_ATTRIBUTES_MAX = 100
#: Table keys and local index keys: one partition key, one sort key.
TABLE_KEY_ELEMENTS_MAX = 2
#: Multi-attribute keys of global secondary indexes.
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html
INDEX_PARTITION_KEY_ATTRIBUTES_MAX = 4
INDEX_SORT_KEY_ATTRIBUTES_MAX = 4
TABLE_CLASS_CHANGES_MAX = 2
TABLE_CLASS_CHANGES_PERIOD_SECONDS = 30 * DAY_SECONDS
#: Four changes of encryption in 24 hours, then one in six.
ENCRYPTION_CHANGES_PER_DAY = 4
ENCRYPTION_CHANGE_INTERVAL_SECONDS = 6 * 60 * 60

# --- tags ------------------------------------------------------------------------------------
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html

TAGS_PER_RESOURCE_MAX = 50
TAG_KEY_CHARACTERS_MAX = 128
TAG_VALUE_CHARACTERS_MAX = 256

# --- vectors ---------------------------------------------------------------------------------
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html

VECTOR_DIMENSIONS_MAX = 4096
VECTOR_INDEXES_MAX = 5
VECTOR_DIMENSION_BYTES = 4
#: The least that a write to a vector index and a search are charged by.
VECTOR_WRITE_BYTES_MIN = KIB
VECTOR_SEARCH_BYTES_MIN = KIB
SEARCH_RESULTS_MAX = 100
SEARCH_HASH_BYTES_MAX = 2048
SEARCH_FILTER_BYTES_MAX = 10_240
#: What a search is charged by: for each dimension of the index, and for each result (measured).
VECTOR_SEARCH_BYTES_A_DIMENSION = 30.6875
VECTOR_SEARCH_BYTES_A_RESULT = 65

# --- streams, time to live, backups, exports -------------------------------------------------
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html

STREAM_RECORDS_PAGE_MAX = 1_000
STREAM_PAGE_BYTES_MAX = MIB
STREAM_RETENTION_SECONDS = DAY_SECONDS
#: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
SHARD_ITERATOR_SECONDS = 15 * 60
STREAM_SHARDS_PAGE_MAX = 100
STREAMS_PAGE_MAX = 100
#: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
TRIGGER_BATCH_SIZE_MAX = 10_000
TRIGGER_BATCHING_WINDOW_SECONDS_MAX = 300
TRIGGER_RETRY_ATTEMPTS_MAX = 10_000
TRIGGER_RECORD_AGE_SECONDS_MAX = 604_800
TRIGGER_TUMBLING_WINDOW_SECONDS_MAX = 900
TRIGGER_PARALLELIZATION_FACTOR_MAX = 10
TRIGGER_STATE_BYTES_MAX = MIB
#: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
TRIGGER_PAYLOAD_BYTES_MAX = 6 * MIB
#: Items whose time to live is older than this are not deleted.
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
TIME_TO_LIVE_AGE_SECONDS_MAX = 5 * 365 * DAY_SECONDS
#: One change an hour.
#: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
TIME_TO_LIVE_CHANGE_SECONDS = 60 * 60
BACKUPS_PAGE_MAX = 100
RECOVERY_PERIOD_DAYS_MAX = 35
#: How long ago the latest time is that a table can be restored to ("typically five minutes").
RECOVERY_LAG_SECONDS = 5 * 60
#: The retention of the backup of a deleted table.
SYSTEM_BACKUP_SECONDS = 35 * DAY_SECONDS
CONCURRENT_EXPORTS_MAX = 300
CONCURRENT_IMPORTS_MAX = 50

#: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
CONTRIBUTOR_INSIGHTS_RULES_QUOTA = 100
CONTRIBUTOR_INSIGHTS_PAGE_MAX = 100
#: The period of an incremental export.
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html
EXPORT_PERIOD_SECONDS_MIN = 15 * 60
EXPORT_PERIOD_SECONDS_MAX = DAY_SECONDS
#: An incremental export is billed for 10 MB at least.
INCREMENTAL_EXPORT_BYTES_MIN = 10_000_000
#: The partitions of a new table, each of which an export has a data file of (observed).
NEW_TABLE_PARTITIONS = 4
#: How many errors of items an import writes down.
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Validation.html
IMPORT_ERRORS_LOGGED_MAX = 10_000
#: For how long the client token of an export or import counts.
TRANSFER_TOKEN_SECONDS = 8 * 60 * 60
#: Exports, imports and bulk operations are listed for 90 days, 10 a page by default.
#: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListExports.html
TRANSFERS_LISTED_SECONDS = 90 * DAY_SECONDS
TRANSFERS_PAGE_DEFAULT = 10
RESOURCE_POLICY_BYTES_MAX = 20_480
RESOURCE_POLICY_CHANGE_SECONDS = 15
#: Between two changes of a table's deletion protection.
DELETION_PROTECTION_INTERVAL_SECONDS = 15
KINESIS_RECORD_BYTES_MAX = MIB
