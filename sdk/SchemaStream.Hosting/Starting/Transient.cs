using SchemaStream.Registry.Client;

namespace SchemaStream.Hosting.Starting;

/// <summary>Which failures may pass by themselves, as brokers and registry come up.</summary>
internal static class Transient
{
    /// <summary>False for what only a change of this program, of its settings or of the topic can mend.</summary>
    /// <param name="failure">The failure.</param>
    public static bool Is(Exception failure) => failure switch
    {
        RegistryUnreachableException => true,
        RegistryException { Status: 408 or 429 or >= 500 } => true,
        BrokerException { Code: var code } => IsTransient(code),
        TransactionAbortedException { Code: var code } => IsTransient(code),
        _ => false,
    };

    private static bool IsTransient(string code) =>
        !code.EndsWith("AUTHORIZATION_FAILED", StringComparison.Ordinal)
        && code is not ("AUTHENTICATION" or "SASL_AUTHENTICATION_FAILED" or "UNSUPPORTED_SASL_MECHANISM"
            or "INVALID_CONFIG" or "POLICY_VIOLATION" or "INVALID_REPLICATION_FACTOR" or "INVALID_PARTITIONS"
            or "INVALID_TOPIC_EXCEPTION" or "INVALID_TRANSACTION_TIMEOUT" or "INCONSISTENT_GROUP_PROTOCOL"
            or "AUTO_OFFSET_RESET" or "LOG_TRUNCATION"
            or "MSG_SIZE_TOO_LARGE" or "INVALID_MSG_SIZE" or "INVALID_MSG" or "INVALID_RECORD" or "INVALID_TIMESTAMP"
            or "UNKNOWN_PARTITION");
}
