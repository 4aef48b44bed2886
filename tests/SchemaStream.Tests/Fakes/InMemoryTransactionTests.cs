using SchemaStream.Testing;
using SchemaStream.Tests.Consuming;
using SchemaStream.Tests.Contracts;

namespace SchemaStream.Tests.Fakes;

/// <summary>Transactions without a server: seen whole or not at all, with the progress that they vouch for.</summary>
public sealed class InMemoryTransactionTests : IAsyncLifetime
{
    private static readonly Topic<string, string> Notes = Topic.Primitive<string, string>("notes");
    private static readonly Topic<string, string> Copies = Topic.Primitive<string, string>("copies");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly InMemoryCluster _cluster = new();
    private SchemaStreamClient _client = null!;

    public Task InitializeAsync()
    {
        _client = _cluster.CreateClient();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task Records_AreThereFromTheCommitOn_AndNeverAfterAnAbort()
    {
        await using var producer = await _client.CreateTransactionalProducerAsync("shop");
        await using (var dropped = await producer.BeginAsync())
        {
            await dropped.EnqueueAsync(Notes, "k", "dropped");
        }

        await using var tx = await producer.BeginAsync();
        await tx.EnqueueAsync(Notes, "k", "kept");
        await tx.EnqueueTombstoneAsync(Copies, "k");
        await using (var table = await _client.CreateTableAsync(Notes))
        {
            table.Count.ShouldBe(0);
        }

        await tx.CommitAsync();

        await using var notes = await _client.CreateConsumerAsync(Notes, "readers");
        await using var copies = await _client.CreateConsumerAsync(Copies, "other-readers");
        (await notes.TakeAsync(1)).Select(record => (record.Offset, record.Value)).ShouldBe([(0, "kept")]);
        (await copies.TakeAsync(1))[0].IsTombstone.ShouldBeTrue();
    }

    [Fact]
    public async Task AnId_ThatAnotherHasTakenOver_IsFenced()
    {
        await using var first = await _client.CreateTransactionalProducerAsync("shop");
        await using var tx = await first.BeginAsync();
        await tx.EnqueueAsync(Notes, "k", "late");

        await using var second = await _client.CreateTransactionalProducerAsync("shop");

        await Should.ThrowAsync<ProducerFencedException>(() => tx.CommitAsync());
    }

    [Fact]
    public async Task Positions_OfAMemberWhoseGroupHasRebalanced_AbortTheTransaction()
    {
        await FillAsync(2);
        await using var producer = await _client.CreateTransactionalProducerAsync("shop");
        await using var reader = await _client.CreateConsumerAsync(Notes, "readers", new() { CommitMode = CommitMode.Manual });
        await reader.TakeAsync(1);
        await using var tx = await producer.BeginAsync();
        await tx.EnqueueAsync(Copies, "k", "copy");
        await using var other = await _client.CreateConsumerAsync(Notes, "readers");
        await other.WaitForAssignmentAsync().WaitAsync(Limit);

        await Should.ThrowAsync<TransactionAbortedException>(
            () => tx.AddPositionsAsync(reader, [new RecordPosition("notes", 0, 1)]));
    }

    [Fact]
    public async Task ATransform_GoesOnWhereItWas_AndCountsEachRecordOnce()
    {
        const int count = 50;
        await FillAsync(count);
        var handled = 0;
        var options = new TransformOptions { MaxRecords = 8 };
        OutgoingRecord<string, string>? Copy(ConsumedRecord<string, string> record) => ++handled == 20
            ? throw new FormatException("half-way")
            : new OutgoingRecord<string, string>(record.Key, record.Value);
        await Should.ThrowAsync<FormatException>(
            () => _client.TransformAsync(Notes, Copies, "copiers", "copier", Copy, options).WaitAsync(Limit));
        using var stop = new CancellationTokenSource();

        var running = _client.TransformAsync(Notes, Copies, "copiers", "copier", Copy, options, stop.Token);
        await using var consumer = await _client.CreateConsumerAsync(Copies, "readers");
        var copies = await consumer.TakeAsync(count);
        await stop.CancelAsync();

        copies.Select(record => record.Value).ShouldBe(Enumerable.Range(0, count).Select(n => $"{n}"));
        await Should.ThrowAsync<OperationCanceledException>(() => running.WaitAsync(Limit));
    }

    [Fact]
    public async Task ATransform_ThatIsCancelled_FinishesTheRecordInHand_AndCommitsIt()
    {
        const int count = 50;
        await FillAsync(count);
        var (handled, begun, gate) = (new List<string>(), NewSource(), NewSource());
        using var stop = new CancellationTokenSource();
        async ValueTask CopyAsync(ConsumedRecord<string, string> record, ITransaction tx, CancellationToken token)
        {
            if (handled.Count == 3)
            {
                begun.TrySetResult();
                await gate.Task.WaitAsync(Limit, token);
            }

            await tx.EnqueueAsync(Copies, record.Key, record.Value, cancellationToken: token);
            handled.Add(record.Value);
        }

        var first = _client.TransformAsync(Notes, "copiers", "copier", CopyAsync, cancellationToken: stop.Token);
        await begun.Task.WaitAsync(Limit);
        await stop.CancelAsync();
        gate.SetResult();
        await Should.ThrowAsync<OperationCanceledException>(() => first.WaitAsync(Limit));

        handled.ShouldBe(["0", "1", "2", "3"], "the record in hand, and none after it");
        using var stopSecond = new CancellationTokenSource();
        var second = _client.TransformAsync(Notes, "copiers", "copier", CopyAsync, cancellationToken: stopSecond.Token);
        await using var consumer = await _client.CreateConsumerAsync(Copies, "readers");
        (await consumer.TakeAsync(count)).Select(record => record.Value).ShouldBe(Enumerable.Range(0, count).Select(n => $"{n}"));
        await stopSecond.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second.WaitAsync(Limit));
        handled.Count.ShouldBe(count, "nothing was done twice");
    }

    [Fact]
    public async Task ATransform_ThatIsCancelled_GivesItsHandlerUp_WhenTheTimeForThatIsOver()
    {
        await FillAsync(1);
        var begun = NewSource();
        using var stop = new CancellationTokenSource();
        var running = _client.TransformAsync(
            Notes,
            "copiers",
            "copier",
            async (_, _, token) =>
            {
                begun.TrySetResult();
                await NewSource().Task.WaitAsync(token); // until it is told
            },
            new TransformOptions { DrainTimeout = TimeSpan.Zero },
            stop.Token);
        await begun.Task.WaitAsync(Limit);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running.WaitAsync(Limit));
    }

    [Fact]
    public async Task AMigration_CopiesOnce_AndLinksTheTopics()
    {
        await FillAsync(10);
        var orders = Topic.Avro<string, OrderPlaced>("orders.v2");
        OutgoingRecord<string, OrderPlaced>? Map(ConsumedRecord<string, string> record) => new(record.Key, new OrderPlaced(record.Value, "c", 1));

        await _client.MigrateAsync(Notes, orders, Map).WaitAsync(Limit);
        await _client.MigrateAsync(Notes, orders, Map).WaitAsync(Limit);

        await using var table = await _client.CreateTableAsync(orders);
        table.Positions.Sum(position => position.Offset).ShouldBe(10);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task FillAsync(int count)
    {
        await using var producer = await _client.CreateProducerAsync(Notes);
        for (var n = 0; n < count; n++)
        {
            await producer.SendAsync("k", $"{n}");
        }
    }
}
