using System.Collections.Frozen;
using SchemaStream.Broker.Metadata.Commands;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

/// <summary>Every command that brokers send. What is not here is only decided by the controller for itself.</summary>
public static class ControllerApis
{
    public static RegisterBrokerApi RegisterBroker { get; } = new();

    public static BrokerHeartbeatApi BrokerHeartbeat { get; } = new();

    public static AlterPartitionApi AlterPartition { get; } = new();

    public static AllocateProducerIdsApi AllocateProducerIds { get; } = new();

    public static CreateTopicsApi CreateTopics { get; } = new();

    public static DeleteTopicsApi DeleteTopics { get; } = new();

    public static CreatePartitionsApi CreatePartitions { get; } = new();

    public static AlterTopicConfigsApi AlterTopicConfigs { get; } = new();

    public static AlterBrokerConfigsApi AlterBrokerConfigs { get; } = new();

    public static ElectLeadersApi ElectLeaders { get; } = new();

    public static AlterPartitionReassignmentsApi AlterPartitionReassignments { get; } = new();

    public static UnregisterBrokerApi UnregisterBroker { get; } = new();

    public static UpdateFeaturesApi UpdateFeatures { get; } = new();

    public static AlterClientQuotasApi AlterClientQuotas { get; } = new();

    public static AlterResourceConfigsApi AlterResourceConfigs { get; } = new();

    public static AlterScramCredentialsApi AlterScramCredentials { get; } = new();

    internal static IReadOnlyList<ControllerApi> All { get; } =
    [
        RegisterBroker, BrokerHeartbeat, AlterPartition, AllocateProducerIds, CreateTopics, DeleteTopics, CreatePartitions,
        AlterTopicConfigs, AlterBrokerConfigs, ElectLeaders, AlterPartitionReassignments, UnregisterBroker,
        UpdateFeatures, AlterClientQuotas, AlterResourceConfigs, AlterScramCredentials,
    ];

    private static readonly FrozenDictionary<Type, ControllerApi> ByCommand = All.ToFrozenDictionary(api => api.CommandType);

    /// <summary>Null for a command that does not travel.</summary>
    internal static ControllerApi<TReply>? Find<TReply>(ControllerCommand<TReply> command)
        where TReply : class =>
        ByCommand.GetValueOrDefault(command.GetType()) as ControllerApi<TReply>;
}
