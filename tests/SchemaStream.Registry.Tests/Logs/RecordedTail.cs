using SchemaStream.Registry.Logs;

namespace SchemaStream.Registry.Tests.Logs;

/// <summary>Keeps what a log hands over.</summary>
internal sealed class RecordedTail : IRegistryTail
{
    public List<TailRecord> Records { get; } = [];

    public LogEnds Ends { get; private set; }

    public ValueTask TakeAsync(TailBatch batch, CancellationToken cancellationToken)
    {
        Records.AddRange(batch.Records);
        Ends = Ends.Or(batch.Ends);
        return ValueTask.CompletedTask;
    }
}
