namespace SchemaStream.Tests.Transactions;

/// <summary>Whoever stops waiting for a commit leaves no transaction open, which others would have to wait for.</summary>
public sealed class StoppedCommitTests
{
    private readonly TransactionRoad _road = new();
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public async Task Commit_ThatIsStoppedBeforeTheBrokersAreAsked_Aborts()
    {
        await using var producer = _road.Producer(longestAbort: Timeout.InfiniteTimeSpan);
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
        await using var producer = _road.Producer(longestAbort: Timeout.InfiniteTimeSpan);
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
        await using var producer = _road.Producer(longestAbort: TimeSpan.FromMilliseconds(1));
        await using var transaction = await producer.BeginAsync();
        _road.WhenCommitted = new TaskCompletionSource();
        var committing = transaction.CommitAsync(_stop.Token);

        await _stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => committing);
        _road.Steps.ShouldBe(["begin", "commit"]);
    }

    /// <summary>As a cancellation no one would look for the brokers' part in it.</summary>
    [Fact]
    public async Task AnAbortThatTheBrokersDoNotAnswer_IsNoCancellation()
    {
        await using var producer = _road.Producer(longestAbort: TimeSpan.FromMilliseconds(1));
        var transaction = await producer.BeginAsync();
        _road.Committing = () => throw new TransactionAbortedException("MSG_TIMED_OUT", "a record was not delivered");
        _road.WhenAborted = new TaskCompletionSource();

        var failure = await Should.ThrowAsync<BrokerException>(() => transaction.CommitAsync());

        failure.Code.ShouldBe("TIMED_OUT");
        failure.Message.ShouldContain("a record was not delivered");
    }
}
