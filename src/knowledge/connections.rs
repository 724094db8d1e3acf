//! Connection categories of Foundry accounts and projects, by what a connection does with content.

use super::Source;

/// Source of the names: the `ConnectionCategory` values of api-version 2026-09-15-preview.
pub const SOURCE: Source = Source {
    title: "Microsoft.CognitiveServices accounts/connections",
    url: "https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/connections",
    date: "2026-09-15",
};

/// What a connection of a category does with content. Microsoft publishes the names; the meaning is our reading of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Web search: prompts leave the compliance boundary under other terms.
    WebSearch,
    /// Traces with inputs and outputs of agents and models.
    Traces,
    /// A tool, gateway or model endpoint that anybody can operate.
    External,
    /// A named data store or application the customer chose, an Azure service, or a package feed.
    Store,
}

const WEB_SEARCH: &[&str] = &["BingLLMSearch", "GroundingWithBingSearch", "GroundingWithCustomSearch", "Serp"];

const TRACES: &[&str] = &["AppInsights"];

/// Generic protocols and keys are here because the name does not say who is at the other end.
const EXTERNAL: &[&str] = &[
    "ApiKey",
    "ApiManagement",
    "CustomKeys",
    "Elasticsearch",
    "GenericHttp",
    "GenericRest",
    "ModelGateway",
    "MongoDbAtlas",
    "ODataRest",
    "OpenAI",
    "OpenAPI",
    "Pinecone",
    "RemoteA2A",
    "RemoteTool",
];

#[rustfmt::skip]
const STORE: &[&str] = &[
    "ADLSGen2", "AIServices", "AmazonMws", "AmazonRdsForOracle", "AmazonRdsForSqlServer", "AmazonRedshift",
    "AmazonS3Compatible", "AppConfig", "AzureBlob", "AzureContainerAppEnvironment", "AzureDataExplorer",
    "AzureDatabricksDeltaLake", "AzureKeyVault", "AzureMariaDb", "AzureMySqlDb", "AzureOneLake", "AzureOpenAI",
    "AzurePostgresDb", "AzureSqlDb", "AzureSqlMi", "AzureStorageAccount", "AzureSynapseAnalytics", "AzureTableStorage",
    "Cassandra", "CognitiveSearch", "CognitiveService", "Concur", "ContainerRegistry", "CosmosDb", "CosmosDbMongoDbApi",
    "Couchbase", "Databricks", "Db2", "Drill", "Dynamics", "DynamicsAx", "DynamicsCrm", "Eloqua", "FileServer", "FtpServer",
    "GenericContainerRegistry", "Git", "GoogleAdWords", "GoogleBigQuery", "GoogleCloudStorage", "Greenplum", "Hbase", "Hdfs",
    "Hive", "Hubspot", "Impala", "Informix", "Jira", "Magento", "ManagedOnlineEndpoint", "MariaDb", "Marketo",
    "MicrosoftAccess", "MicrosoftFabric", "MongoDbV2", "MySql", "Netezza", "Odbc", "Office365", "Oracle",
    "OracleCloudStorage", "OracleServiceCloud", "PayPal", "Phoenix", "PostgreSql", "PowerPlatformEnvironment", "Presto",
    "PythonFeed", "QuickBooks", "Redis", "Responsys", "S3", "Salesforce", "SalesforceMarketingCloud",
    "SalesforceServiceCloud", "SapBw", "SapCloudForCustomer", "SapEcc", "SapHana", "SapOpenHub", "SapTable", "Serverless",
    "ServiceNow", "Sftp", "SharePointOnlineList", "Sharepoint", "Shopify", "Snowflake", "Spark", "SqlServer", "Square",
    "Sybase", "Teradata", "Vertica", "WebTable", "Xero", "Zoho",
];

/// The purpose of `category`, compared without case; `None` when the name is not documented.
pub fn purpose(category: &str) -> Option<Purpose> {
    let is = |known: &&str| known.eq_ignore_ascii_case(category);
    let all = [Purpose::WebSearch, Purpose::Traces, Purpose::External, Purpose::Store];
    all.into_iter().find(|purpose| categories(*purpose).iter().any(is))
}

/// The categories of a purpose.
pub fn categories(purpose: Purpose) -> &'static [&'static str] {
    match purpose {
        Purpose::WebSearch => WEB_SEARCH,
        Purpose::Traces => TRACES,
        Purpose::External => EXTERNAL,
        Purpose::Store => STORE,
    }
}

/// Whether a category leads to another place that serves models.
pub fn serves_models(category: &str) -> bool {
    const NAMES: [&str; 4] = ["AIServices", "AzureOpenAI", "ManagedOnlineEndpoint", "Serverless"];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(category))
}

/// The category of a search service of Azure: what answers are grounded on, or where agents keep vectors.
pub const SEARCH_INDEX: &str = "CognitiveSearch";

/// Whether a category is a search service of Azure.
pub fn is_search_index(category: &str) -> bool {
    category.eq_ignore_ascii_case(SEARCH_INDEX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_category_is_there_once() {
        let mut all: Vec<&str> = [WEB_SEARCH, TRACES, EXTERNAL, STORE].concat();
        assert_eq!(all.len(), 121);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 121);
    }

    #[test]
    fn finer_groups_are_documented_categories() {
        for category in ["AIServices", "AzureOpenAI", "ManagedOnlineEndpoint", "Serverless"] {
            assert!(serves_models(category) && purpose(category) == Some(Purpose::Store), "{category}");
        }
        assert!(is_search_index("cognitivesearch") && !is_search_index("AzureBlob") && !serves_models("OpenAI"));
    }

    #[test]
    fn a_new_category_is_not_taken_for_a_store() {
        assert_eq!(purpose("groundingwithbingsearch"), Some(Purpose::WebSearch));
        assert_eq!(purpose("GroundingWithBingSearchV2"), None);
    }
}
