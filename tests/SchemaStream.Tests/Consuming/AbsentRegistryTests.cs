using SchemaStream.Consuming;
using SchemaStream.Registry.Client;

namespace SchemaStream.Tests.Consuming;

/// <summary>Loops and handlers that meet a schema they do not know while the registry is away.</summary>
public sealed class AbsentRegistryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly AbsentRegistry _registry = new();
    private readonly MemoryTransport _transport = new(new MemoryRecord(0, "k", MemoryTopic.Readable));

    [Theory]
    [InlineData(0)]
    [InlineData(503)]
    public async Task Loop_WaitsForTheRegistry(int status)
    {
        _registry.Failures = 2;
        _registry.Failure = Away(status);
        await using var consumer = Consume();

        var records = await consumer.TakeAsync(1);

        (records[0].Value, _registry.Asked).ShouldBe((7, 3));
    }

    [Fact]
    public async Task Handlers_WaitForTheRegistry()
    {
        _registry.Failures = 1;
        using var stop = new CancellationTokenSource(Limit);
        await using var consumer = Consume();

        var handled = 0;
        await Should.ThrowAsync<OperationCanceledException>(() => consumer.ProcessAsync(
            (record, _) =>
            {
                handled = record.Value;
                stop.Cancel();
                return ValueTask.CompletedTask;
            },
            null,
            stop.Token));

        (handled, _registry.Asked).ShouldBe((7, 2));
    }

    [Fact]
    public async Task Loop_ThatIsStopped_DoesNotWaitForTheRegistry()
    {
        _registry.Failures = int.MaxValue;
        using var stop = new CancellationTokenSource();
        await using var consumer = Consume();

        var reading = consumer.ReadAllAsync(stop.Token).GetAsyncEnumerator().MoveNextAsync().AsTask();
        await _registry.WhenAsked.Task.WaitAsync(Limit);
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => reading.WaitAsync(Limit));
    }

    /// <summary>There may be others that it can read.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Loop_DoesNotWaitForTheSchemaOfWhatIsNoLongerToBeRead(bool leaves)
    {
        _registry.Failures = int.MaxValue;
        using var stop = new CancellationTokenSource();
        await using var consumer = Consume();
        var reading = consumer.ReadAllAsync(stop.Token).GetAsyncEnumerator().MoveNextAsync().AsTask();
        await _registry.WhenAsked.Task.WaitAsync(Limit);

        if (leaves)
        {
            _transport.Partition.Revoke();
        }
        else
        {
            await consumer.SeekAsync(_transport.Partition.Name, 70);
        }

        await _transport.WhenItWaitsAsync(Limit);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => reading.WaitAsync(Limit));
    }

    [Fact]
    public async Task Loop_ThatTheRegistryRefuses_Ends()
    {
        _registry.Failures = 1;
        _registry.Failure = Away(403);
        await using var consumer = Consume();

        (await Should.ThrowAsync<RegistryException>(() => consumer.TakeAsync(1))).Status.ShouldBe(403);
    }

    private static RegistryException Away(int status) =>
        status == 0 ? new RegistryUnreachableException("away") : new RegistryException(status, status, "not now");

    private TopicConsumer<string, int> Consume() => MemoryTopic.Consume(_transport, new ConsumerOptions(), values: _registry);
}
