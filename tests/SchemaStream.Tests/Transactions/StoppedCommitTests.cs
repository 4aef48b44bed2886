namespace SchemaStream.Tests.Transactions;

/// <summary>Whoever stops waiting for a commit leaves no transaction open, which others would have to wait for.</summary>
public sealed class StoppedCommitTests
{
    private static readonly Topic<string, int> Numbers = Topic.Primitive<string, int>("numbers");

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

    /// <summary>Each may be the one whose exception is looked at, by a loop for example, which begins again after this one alone.</summary>
    [Fact]
    public async Task AllThatSendAtTheTime_HearWhyTheTransactionHasEnded()
    {
        await using var producer = _road.Producer(longestAbort: Timeout.InfiniteTimeSpan);
        await using var transaction = await producer.BeginAsync();
        _road.Failures.Report(new DeliveryFailure("numbers", 0, "MSG_TIMED_OUT", "no answer", IsOutcomeUnknown: true));
        _road.WhenAborted = new TaskCompletionSource();

        Task[] sending = [.. Enumerable.Range(0, 3).Select(key => transaction.EnqueueAsync(Numbers, "k", key).AsTask())];
        _road.WhenAborted.SetResult();

        foreach (var sent in sending)
        {
            (await Should.ThrowAsync<TransactionAbortedException>(() => sent)).Code.ShouldBe("MSG_TIMED_OUT");
        }

        _road.Steps.ShouldBe(["begin", "abort"]);
    }
}
