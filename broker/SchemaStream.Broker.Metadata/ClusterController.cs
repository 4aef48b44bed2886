using SchemaStream.Broker.Metadata.Brokers;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Credentials;
using SchemaStream.Broker.Metadata.Features;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Partitions;
using SchemaStream.Broker.Metadata.Quotas;
using SchemaStream.Broker.Metadata.Topics;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata;

/// <summary>
/// The controller of the cluster. Its driver's loop, while it leads the quorum: <see cref="Activate"/> once; then
/// <see cref="Decide"/> or <see cref="Tick"/>, which change nothing of the metadata; append the records to
/// <c>__cluster_metadata</c>, all or none; <see cref="Replay"/> them at once, so that the next decision builds on them; send
/// the reply when they are committed. Whoever loses the leadership drops what is not committed and activates anew with the
/// committed image when he leads again.
/// <para>
/// Beyond the metadata the controller knows who was heard of lately (<see cref="BrokerSessions"/>), and whose partitions
/// still have to be looked after because one decision had no room for all of them.
/// </para>
/// </summary>
/// <param name="options">The controller's settings.</param>
/// <param name="random">Where topic ids and the starting points of placement come from; a seed makes a run repeatable.</param>
public sealed class ClusterController(ControllerOptions options, Random random)
{
    private readonly BrokerSessions _sessions = new((long)options.BrokerSessionTimeout.TotalMilliseconds);
    private readonly ClusterUpkeep _upkeep = new(options);

    /// <summary>The cluster as of the last record replayed.</summary>
    public MetadataImage Image { get; private set; } = MetadataImage.Empty;

    /// <summary>Begins to lead: goes on from what is committed, and gives every broker a fresh session.</summary>
    /// <param name="committed">All that is committed, up to and with the records of former leaders.</param>
    /// <param name="nowMs">Milliseconds of a clock that does not go back, here and everywhere.</param>
    public void Activate(MetadataImage committed, long nowMs)
    {
        Image = committed;
        _sessions.Clear();
        foreach (var broker in committed.Brokers.Values)
        {
            _sessions.Touch(broker.BrokerId, broker.BrokerEpoch, nowMs);
        }

        _upkeep.Restart(committed, nowMs);
    }

    /// <summary>Says what the command leads to.</summary>
    public ControllerDecision<TReply> Decide<TReply>(ControllerCommand<TReply> command, long nowMs)
        where TReply : class
    {
        var draft = Draft(nowMs);
        object reply = command switch
        {
            InitializeClusterCommand initialize => ClusterStart.Initialize(draft, initialize),
            RegisterBrokerCommand register => BrokerRegistering.Register(draft, register),
            BrokerHeartbeatCommand heartbeat => BrokerHeartbeats.Heartbeat(draft, heartbeat),
            UnregisterBrokerCommand unregister => BrokerLife.Unregister(draft, unregister),
            AllocateProducerIdsCommand allocate => BrokerLife.AllocateProducerIds(draft, allocate),
            AlterPartitionCommand alter => IsrAltering.Alter(draft, alter),
            ElectLeadersCommand elect => LeaderElecting.Elect(draft, elect),
            AlterPartitionReassignmentsCommand reassign => PartitionReassigning.Alter(draft, reassign),
            CreateTopicsCommand create => new TopicCreation(draft).Create(create),
            DeleteTopicsCommand delete => TopicDeletion.Delete(draft, delete),
            CreatePartitionsCommand grow => TopicGrowth.Grow(draft, grow),
            AlterTopicConfigsCommand alter => TopicConfigAltering.Alter(draft, alter),
            AlterBrokerConfigsCommand alter => BrokerConfigAltering.Alter(draft, alter),
            UpdateFeaturesCommand update => FeatureUpdating.Update(draft, update),
            AlterClientQuotasCommand alter => ClientQuotaAltering.Alter(draft, alter),
            AlterResourceConfigsCommand alter => ResourceConfigAltering.Alter(draft, alter),
            AlterScramCredentialsCommand alter => ScramCredentialAltering.Alter(draft, alter),
            RecoverClusterCommand recover => ClusterRecovery.Recover(draft, recover),
            _ => throw new ArgumentException($"{command.GetType().Name} is not a command of the controller.", nameof(command)),
        };
        return new ControllerDecision<TReply>(draft.Records, (TReply)reply);
    }

    /// <summary>
    /// What time alone leads to: who is silent is fenced, what earlier decisions had no room for is done, leaders are
    /// balanced. To be called some times within a session time-out; each time until nothing comes any more, with the records
    /// appended and replayed in between.
    /// </summary>
    public IReadOnlyList<IRecordMessage> Tick(long nowMs)
    {
        var draft = Draft(nowMs);
        _upkeep.Tick(draft);
        return draft.Records;
    }

    /// <summary>The records are in the log: they take effect, together.</summary>
    /// <param name="records">In the log's order.</param>
    /// <param name="lastOffset">The offset of the last of them.</param>
    public void Replay(IEnumerable<IRecordMessage> records, long lastOffset)
    {
        var replay = new MetadataReplay(Image, options.TopicDefaults);
        foreach (var record in records)
        {
            replay.Replay(record);
        }

        Image = replay.Build(lastOffset);
    }

    private ControllerDraft Draft(long nowMs) => new(Image, options, random, _sessions, _upkeep, nowMs);
}
