using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Consuming;
using SchemaStream.Consuming.Processing;

namespace SchemaStream.Tests.Consuming.Processing;

/// <summary>A run of handlers that has ended while its partitions are still the member's.</summary>
public sealed class EndedRunTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>It would end the thread that serves the group.</summary>
    [Fact]
    public async Task APartitionThatLeaves_AndWhoseCommitIsRefused_ThrowsNothing()
    {
        var transport = new MemoryTransport(new MemoryRecord(0, "k", MemoryTopic.Readable));
        var source = new RecordSource<string, int>(
            "notes",
            MemoryTopic.Group,
            MemoryTopic.Reader<string>("notes", SchemaFormat.String, RecordSlot.Key),
            MemoryTopic.Reader<int>("notes", SchemaFormat.Int32, RecordSlot.Value),
            transport,
            FailurePolicy.Throw,
            failed: null,
            NullLogger.Instance);
        var terms = new ProcessingTerms(new ProcessingOptions(), CommitMode.AfterHandling, TimeProvider.System, "notes", MemoryTopic.Group);
        using var stop = new CancellationTokenSource();
        var processor = new Processor<string, int>(
            source, transport, (_, _) => ValueTask.CompletedTask, terms, failed: null, NullLogger.Instance);
        var running = processor.RunAsync(stop.Token);
        await transport.WhenItWaitsAsync(Limit);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running.WaitAsync(Limit));
        processor.Dispose();

        transport.Committing = () => throw new BrokerException("GROUP_AUTHORIZATION_FAILED", "not any more");
        transport.Partition.HandleUpTo(7);

        Should.NotThrow(() => processor.OnRevoking([transport.Partition]));
    }
}
