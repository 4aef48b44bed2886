using SchemaStream.Broker.Metadata.Brokers;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Topics;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata;

/// <summary>
/// The controller of the cluster. The driver's loop: <see cref="Decide"/>, which changes nothing; append the records to
/// <c>__cluster_metadata</c>, all or none; <see cref="Replay"/> them; publish <see cref="Image"/> and send the reply once
/// they are committed. If the append fails the decision is dropped and the command answered with its own refusal. One
/// decision at a time. After a restart the log's records are replayed first.
/// </summary>
/// <param name="options">The broker's settings.</param>
/// <param name="random">Where topic ids and the starting points of placement come from; a seed makes a run repeatable.</param>
public sealed class ClusterController(ControllerOptions options, Random random)
{
    /// <summary>The cluster as of the last record replayed.</summary>
    public MetadataImage Image { get; private set; } = MetadataImage.Empty;

    /// <summary>Says what the command leads to.</summary>
    public ControllerDecision<TReply> Decide<TReply>(ControllerCommand<TReply> command)
        where TReply : class
    {
        var draft = new ControllerDraft(Image, options, random);
        object reply = command switch
        {
            InitializeClusterCommand initialize => ClusterStart.Initialize(draft, initialize),
            RegisterBrokerCommand register => BrokerLife.Register(draft, register),
            UnfenceBrokerCommand unfence => BrokerLife.Unfence(draft, unfence),
            FenceBrokerCommand fence => BrokerLife.Fence(draft, fence),
            UnregisterBrokerCommand unregister => BrokerLife.Unregister(draft, unregister),
            AllocateProducerIdsCommand allocate => BrokerLife.AllocateProducerIds(draft, allocate),
            CreateTopicsCommand create => new TopicCreation(draft).Create(create),
            DeleteTopicsCommand delete => TopicDeletion.Delete(draft, delete),
            CreatePartitionsCommand grow => TopicGrowth.Grow(draft, grow),
            AlterTopicConfigsCommand alter => TopicConfigAltering.Alter(draft, alter),
            _ => throw new ArgumentException($"{command.GetType().Name} is not a command of the controller.", nameof(command)),
        };
        return new ControllerDecision<TReply>(draft.Records, (TReply)reply);
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
}
