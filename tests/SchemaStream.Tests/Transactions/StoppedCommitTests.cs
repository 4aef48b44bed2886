using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Transactions;
using SchemaStream.Transport;

namespace SchemaStream.Tests.Transactions;

/// <summary>Whoever stops waiting for a commit leaves no transaction open, which others would have to wait for.</summary>
public sealed class StoppedCommitTests
{
    private readonly Road _road = new();
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public async Task Commit_ThatIsStoppedBeforeTheBrokersAreAsked_Aborts()
    {
        await using var producer = NewProducer(longestAbort: Timeout.InfiniteTimeSpan);
        await using var transaction = await producer.BeginAsync();
        _road.WhenHandedOver = new TaskCompletionSource();
        var committing = transaction.CommitAsync(_stop.Token);

        await _stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => committing);
        _road.Steps.ShouldBe(["begin", "abort"]);
    }

    [Fact]
    public async Task Commit_ThatIsStoppedOnceTheBrokersAreAsked_IsSeenThrough()
    {
        await using var producer = NewProducer(longestAbort: Timeout.InfiniteTimeSpan);
        await using var transaction = await producer.BeginAsync();
        _road.WhenCommitted = new TaskCompletionSource();
        var committing = transaction.CommitAsync(_stop.Token);

        await _stop.CancelAsync();
        committing.IsCompleted.ShouldBeFalse();
        _road.WhenCommitted.SetResult();

        await committing;
        _road.Steps.ShouldBe(["begin", "commit"]);
    }

    [Fact]
    public async Task Commit_ThatTheBrokersDoNotAnswer_EndsWithTheTransactionsTime_OnceItIsStopped()
    {
        await using var producer = NewProducer(longestAbort: TimeSpan.FromMilliseconds(1));
        await using var transaction = await producer.BeginAsync();
        _road.WhenCommitted = new TaskCompletionSource();
        var committing = transaction.CommitAsync(_stop.Token);

        await _stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => committing);
        _road.Steps.ShouldBe(["begin", "commit"]);
    }

    private TransactionalProducer NewProducer(TimeSpan longestAbort)
    {
        var client = new SchemaStreamClient(new SchemaStreamOptions { BootstrapServers = "127.0.0.1:1", RegistryUrl = new Uri("http://127.0.0.1:1") });
        return new TransactionalProducer("id", _road, new TransactionFailures(), client, longestAbort, NullLogger.Instance);
    }

    /// <summary>Notes what is asked of it, and does it when the test says.</summary>
    private sealed class Road : ITransactionTransport
    {
        public List<string> Steps { get; } = [];

        public TaskCompletionSource? WhenHandedOver { get; set; }

        public TaskCompletionSource? WhenCommitted { get; set; }

        public bool IsSpent => false;

        public IProducerTransport OpenTopic(string topic) => throw new NotSupportedException();

        public Task InitializeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task BeginAsync(CancellationToken cancellationToken) => Note("begin");

        public Task SendOffsetsAsync(
            string topic, IReadOnlyList<(int Partition, long Offset)> positions, SafeHandle group, CancellationToken cancellationToken) =>
            Note("offsets");

        public Task HandOverAsync(CancellationToken cancellationToken) =>
            WhenHandedOver?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;

        public Task CommitAsync(CancellationToken cancellationToken)
        {
            Steps.Add("commit");
            return WhenCommitted?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
        }

        public Task AbortAsync(CancellationToken cancellationToken) => Note("abort");

        public Task<IReadOnlyList<long>> EndOffsetsAsync(string topic, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private Task Note(string step)
        {
            Steps.Add(step);
            return Task.CompletedTask;
        }
    }
}
