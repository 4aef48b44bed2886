using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Tests;

/// <summary>Metadata that is what a test's records say; commands are refused.</summary>
internal sealed class ScriptedMetadata : IMetadataAccess
{
    public int NodeId => 1;

    public MetadataImage Image { get; private set; } = MetadataImage.Empty;

    public void Replay(params IRecordMessage[] records)
    {
        var replay = new MetadataReplay(Image, TopicConfigDefaults.Kafka.OfBroker(NodeId));
        foreach (var record in records)
        {
            replay.Replay(record);
        }

        Image = replay.Build(Image.Offset + records.Length);
    }

    public ValueTask<TReply> SubmitAsync<TReply>(ControllerCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : class => ValueTask.FromResult(command.Refused(ErrorCode.NotController, "a test's metadata decides nothing"));
}

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _ms = 1_000_000;

    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => _ms;

    public void Advance(long ms) => _ms += ms;
}
