using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Tables;
using SchemaStream.Tests.Consuming;

namespace SchemaStream.Tests.Tables;

/// <summary>A table that meets a schema it does not know while the registry is away.</summary>
public sealed class TableAndRegistryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly AbsentRegistry _schemas = new();
    private readonly MemoryTransport _transport = new(new MemoryRecord(0, null, null) { IsEnd = true });

    [Fact]
    public async Task ATableThatIsCaughtUp_WaitsForTheRegistry()
    {
        await using var table = NewTable();
        await table.WhenReadyAsync().WaitAsync(Limit);
        _schemas.Failures = 2;

        _transport.Add(new MemoryRecord(0, "k", MemoryTopic.Readable));
        await table.WhenAppliedAsync(new RecordPosition("notes", 0, 0)).WaitAsync(Limit);

        table.Count.ShouldBe(1);
        _schemas.Asked.ShouldBe(3);
    }

    [Fact]
    public async Task ATableThatIsDisposed_DoesNotWaitForTheRegistry()
    {
        var table = NewTable();
        _schemas.Answer = new TaskCompletionSource();
        _transport.Add(new MemoryRecord(0, "k", MemoryTopic.Readable));
        await _schemas.WhenAsked.Task.WaitAsync(Limit);

        await table.DisposeAsync().AsTask().WaitAsync(Limit);

        Should.Throw<ObjectDisposedException>(() => table.Count);
    }

    private TopicTable<string, int> NewTable() => new(
        Topic.Primitive<string, int>("notes"),
        MemoryTopic.Reader<string>("notes", SchemaFormat.String, RecordSlot.Key),
        _schemas,
        _transport,
        new TableOptions(),
        keyComparer: null,
        NullLogger.Instance);
}
