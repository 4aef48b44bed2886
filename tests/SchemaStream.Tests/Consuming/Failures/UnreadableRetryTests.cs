using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Consuming;
using SchemaStream.Consuming.Failures;
using SchemaStream.Transport;

namespace SchemaStream.Tests.Consuming.Failures;

/// <summary>Records of a retry topic that cannot be read.</summary>
public sealed class UnreadableRetryTests
{
    private static readonly RecordPosition Origin = new("notes", 3, 41);

    private readonly Letters _letters = new();

    [Fact]
    public async Task DeadLetter_SaysWhereTheRecordWasFirstRead_AndWhen_AndHowOftenItHasFailed()
    {
        await PassOverAsync(Headers(MemoryTopic.Group));

        var (record, attempts) = _letters.Sent.ShouldHaveSingleItem();
        record.Source.ShouldBe(Origin);
        record.Timestamp.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123));
        attempts.ShouldBe(3);
    }

    /// <summary>What another has written there says nothing about this group's topic.</summary>
    [Fact]
    public async Task DeadLetter_OfARecordThatThisGroupHasNotWritten_SaysWhereItWasFound()
    {
        await PassOverAsync(Headers("others"));

        var (record, attempts) = _letters.Sent.ShouldHaveSingleItem();
        record.Source.ShouldBe(new RecordPosition("notes.readers.retry.2", 0, 7));
        attempts.ShouldBe(1);
    }

    private static RecordHeaders Headers(string group) => new RecordHeaders()
        .Add(FailureHeaders.SourceTopic, Origin.Topic)
        .Add(FailureHeaders.SourcePartition, Origin.Partition.ToString(CultureInfo.InvariantCulture))
        .Add(FailureHeaders.SourceOffset, Origin.Offset.ToString(CultureInfo.InvariantCulture))
        .Add(FailureHeaders.SourceTimestamp, "1700000000123")
        .Add(FailureHeaders.Group, group)
        .Add(FailureHeaders.Attempt, "2")
        .Add(FailureHeaders.Due, "1700000000500");

    private async Task PassOverAsync(RecordHeaders headers)
    {
        var transport = new MemoryTransport { Partition = new AssignedPartition("notes.readers.retry.2", 0) };
        transport.Add(new MemoryRecord(7, "k", MemoryTopic.Unreadable) { Headers = headers });
        var source = new RecordSource<string, int>(
            "notes",
            MemoryTopic.Group,
            MemoryTopic.Reader<string>("notes", SchemaFormat.String, RecordSlot.Key),
            MemoryTopic.Reader<int>("notes", SchemaFormat.Int32, RecordSlot.Value),
            transport,
            FailurePolicy.DeadLetter,
            _letters,
            NullLogger.Instance);
        (await source.AdvanceAsync(SourceStep.NoBatch, CancellationToken.None)).ShouldBeTrue();
        var step = source.TakeNext(out _);
        step.ShouldBe(SourceStep.Unreadable);
        (await source.AdvanceAsync(step, CancellationToken.None)).ShouldBeTrue();
        source.HasPassedOver.ShouldBeTrue();
    }

    private sealed class Letters : IFailedRecords
    {
        public List<(FailedRecord Record, int Attempts)> Sent { get; } = [];

        public ValueTask DeadLetterAsync(
            FailedRecord record, Exception failure, int attempts, FailurePolicy policy, CancellationToken cancellationToken)
        {
            Sent.Add((record, attempts));
            return ValueTask.CompletedTask;
        }

        public ValueTask RetryLaterAsync(
            FailedRecord record, Exception failure, int attempts, TimeSpan delay, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
