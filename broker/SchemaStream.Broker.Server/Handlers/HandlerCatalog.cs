using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Fetches;
using SchemaStream.Broker.Server.Handlers.Controller;
using SchemaStream.Broker.Server.Handlers.Quorum;
using SchemaStream.Broker.Server.Handlers.Transactions;
using SchemaStream.Broker.Server.Quotas;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Broker.Server.Telemetry;

namespace SchemaStream.Broker.Server.Handlers;

/// <summary>What this node serves on its listeners: one handler per API. ApiVersions lists exactly these.</summary>
public static class HandlerCatalog
{
    /// <param name="quorum">Null where its administration is not served.</param>
    /// <param name="timeProvider">What time it is for sessions that clients keep here; the system's when null.</param>
    public static DispatchTable Create(
        IMetadataAccess metadata,
        IPartitionAccess partitions,
        IGroupAccess groups,
        ITransactionAccess transactions,
        ITransactionMarkers markers,
        IProducerIdAccess producerIds,
        BrokerSettings settings,
        IQuorumAccess? quorum = null,
        TimeProvider? timeProvider = null,
        ClientQuotas? quotas = null,
        ILogDirectoryAccess? logDirectories = null,
        ClientTelemetry? telemetry = null) =>
        new(
        [
            new ApiVersionsHandler(metadata),
            new MetadataHandler(metadata, settings),
            new DescribeClusterHandler(metadata),
            new DescribeTopicPartitionsHandler(metadata),

            new ProduceHandler(metadata, partitions),
            new FetchHandler(
                metadata, partitions, settings, new FetchSessionCache(settings.FetchSessionCacheSlots, timeProvider ?? TimeProvider.System)),
            new ListOffsetsHandler(metadata, partitions),
            new OffsetForLeaderEpochHandler(metadata, partitions),
            new DeleteRecordsHandler(metadata, partitions),
            .. TransactionHandlers.Create(metadata, groups, transactions, markers, producerIds, partitions),

            new FindCoordinatorHandler(metadata, groups, transactions),
            new JoinGroupHandler(groups),
            new SyncGroupHandler(groups),
            new HeartbeatHandler(groups),
            new LeaveGroupHandler(groups),
            new OffsetCommitHandler(metadata, groups),
            new OffsetFetchHandler(metadata, groups),
            new OffsetDeleteHandler(groups),
            new DescribeGroupsHandler(groups),
            new ListGroupsHandler(groups),
            new DeleteGroupsHandler(groups),
            new ConsumerGroupHeartbeatHandler(metadata, groups),
            new ConsumerGroupDescribeHandler(metadata, groups),

            new CreateTopicsHandler(metadata, settings),
            new DeleteTopicsHandler(metadata, settings),
            new CreatePartitionsHandler(metadata),
            .. AdministrationHandlers.Create(metadata, settings),
            .. telemetry is null ? [] : AdministrationHandlers.OfTelemetry(telemetry),
            .. logDirectories is null ? [] : AdministrationHandlers.OfLogDirectories(logDirectories),

            new ElectLeadersHandler(metadata),
            new AlterPartitionReassignmentsHandler(metadata),
            new ListPartitionReassignmentsHandler(metadata),
            new UnregisterBrokerHandler(metadata),
            .. quorum is null ? [] : QuorumHandlers.ForClients(quorum),
        ], quotas);

    /// <summary>What the controllers' listener serves: what nodes say to each other there, and nothing of clients.</summary>
    public static DispatchTable CreateForControllers(IMetadataAccess metadata, IQuorumAccess quorum, IControllerAccess controller) =>
        new(
        [
            new ApiVersionsHandler(metadata),
            .. QuorumHandlers.ForControllers(quorum),
            .. ControllerHandlers.Create(controller),
        ]);
}
