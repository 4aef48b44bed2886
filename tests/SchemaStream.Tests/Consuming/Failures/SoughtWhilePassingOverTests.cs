using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Consuming;
using SchemaStream.Consuming.Failures;

namespace SchemaStream.Tests.Consuming.Failures;

/// <summary>A seek while a record that cannot be read is put aside, which takes as long as its brokers are away.</summary>
public sealed class SoughtWhilePassingOverTests
{
    private readonly MemoryTransport _transport = new(new MemoryRecord(100, "k", MemoryTopic.Unreadable));

    /// <summary>Or the place behind it would be committed, and those sought for would be lost to whoever begins there.</summary>
    [Fact]
    public async Task TheRecord_IsNoPlaceThatCounts()
    {
        var source = Source(() => _transport.Partition.TryBeginSeek(5, out _));

        (await source.AdvanceAsync(SourceStep.NoBatch, default)).ShouldBeTrue();
        source.TakeNext(out _).ShouldBe(SourceStep.Unreadable);
        (await source.AdvanceAsync(SourceStep.Unreadable, default)).ShouldBeTrue();

        source.HasPassedOver.ShouldBeFalse();
        source.TakeNext(out _).ShouldBe(SourceStep.NoBatch);
    }

    [Fact]
    public async Task ARecordThatIsVoidAlready_IsNotPutAside()
    {
        var source = Source(() => throw new InvalidOperationException("it is of the old place"));

        (await source.AdvanceAsync(SourceStep.NoBatch, default)).ShouldBeTrue();
        source.TakeNext(out _).ShouldBe(SourceStep.Unreadable);
        _transport.Partition.TryBeginSeek(5, out _);
        (await source.AdvanceAsync(SourceStep.Unreadable, default)).ShouldBeTrue();

        source.HasPassedOver.ShouldBeFalse();
        source.TakeNext(out _).ShouldBe(SourceStep.Nothing);
    }

    private RecordSource<string, int> Source(Action puttingAside) => new(
        "notes",
        MemoryTopic.Group,
        MemoryTopic.Reader<string>("notes", SchemaFormat.String, RecordSlot.Key),
        MemoryTopic.Reader<int>("notes", SchemaFormat.Int32, RecordSlot.Value),
        _transport,
        FailurePolicy.DeadLetter,
        new FailedRecords(puttingAside),
        NullLogger.Instance);

    private sealed class FailedRecords(Action puttingAside) : IFailedRecords
    {
        public ValueTask DeadLetterAsync(
            FailedRecord record, Exception failure, int attempts, FailurePolicy policy, CancellationToken cancellationToken)
        {
            puttingAside();
            return ValueTask.CompletedTask;
        }

        public ValueTask RetryLaterAsync(
            FailedRecord record, Exception failure, int attempts, TimeSpan delay, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
