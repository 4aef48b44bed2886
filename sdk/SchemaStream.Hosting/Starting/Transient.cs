using SchemaStream.Registry.Client;

namespace SchemaStream.Hosting.Starting;

/// <summary>Which failures may pass by themselves, as brokers and registry come up.</summary>
internal static class Transient
{
    /// <summary>False for what only a change of this program, or of the topic, can mend.</summary>
    public static bool Is(Exception failure) => failure switch
    {
        RegistryUnreachableException => true,
        RegistryException { Status: 408 or 429 or >= 500 } => true,
        BrokerException { Code: "TOPIC_AUTHORIZATION_FAILED" or "GROUP_AUTHORIZATION_FAILED" or "CLUSTER_AUTHORIZATION_FAILED"
            or "SASL_AUTHENTICATION_FAILED" or "INVALID_CONFIG" or "POLICY_VIOLATION" or "INVALID_REPLICATION_FACTOR"
            or "INVALID_PARTITIONS" or "INVALID_TOPIC_EXCEPTION" } => false,
        BrokerException => true,
        _ => false,
    };
}
