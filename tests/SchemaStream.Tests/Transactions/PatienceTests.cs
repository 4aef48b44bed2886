using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Consuming;
using SchemaStream.Tests.Consuming;
using SchemaStream.Transactions;

namespace SchemaStream.Tests.Transactions;

/// <summary>What an exactly-once loop waits out, however long it takes, and what it gives up on.</summary>
public sealed class PatienceTests
{
    private const int Many = 100;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TransactionRoad _road = new();
    private int _opened;
    private Action? _handling;

    [Theory]
    [InlineData("COORDINATOR_NOT_AVAILABLE")]
    [InlineData("MSG_TIMED_OUT")]
    [InlineData("ILLEGAL_GENERATION")]
    public async Task AbortedTransactions_AreBegunAgain_AsLongAsTheBrokersAreTheReason(string code)
    {
        using var stop = new CancellationTokenSource();
        var commits = 0;
        _road.Committing = () =>
        {
            if (++commits <= Many)
            {
                throw new TransactionAbortedException(code, "not yet");
            }

            stop.Cancel();
        };

        await Should.ThrowAsync<OperationCanceledException>(() => Loop().RunAsync(ends: null, stop.Token).WaitAsync(Limit));

        commits.ShouldBe(Many + 1);
    }

    [Fact]
    public async Task ABrokerThatIsAway_IsWaitedFor()
    {
        using var stop = new CancellationTokenSource();
        _road.Committing = stop.Cancel;

        await Should.ThrowAsync<OperationCanceledException>(() => Loop(() =>
        {
            if (++_opened <= Many)
            {
                throw new BrokerException("ALL_BROKERS_DOWN", "no one is there");
            }
        }).RunAsync(ends: null, stop.Token).WaitAsync(Limit));

        _road.Steps.Count(step => step == "commit").ShouldBe(1);
    }

    [Theory]
    [InlineData("MSG_SIZE_TOO_LARGE")]
    [InlineData("TOPIC_AUTHORIZATION_FAILED")]
    public async Task ARecordThatIsRefusedEachTime_EndsTheLoop(string code)
    {
        _road.Committing = () => throw new TransactionAbortedException(code, "never");

        var failure = await Should.ThrowAsync<TransactionAbortedException>(
            () => Loop().RunAsync(ends: null, CancellationToken.None).WaitAsync(Limit));

        failure.Code.ShouldBe(code);
    }

    [Theory]
    [InlineData("TOPIC_AUTHORIZATION_FAILED")]
    [InlineData("AUTHENTICATION")]
    [InlineData("AUTO_OFFSET_RESET")]
    public async Task ARefusalThatWaitingDoesNotMend_EndsTheLoop_AtOnce(string code)
    {
        var failure = await Should.ThrowAsync<BrokerException>(() => Loop(() =>
        {
            _opened++;
            throw new BrokerException(code, "never");
        }).RunAsync(ends: null, CancellationToken.None).WaitAsync(Limit));

        failure.Code.ShouldBe(code);
        _opened.ShouldBe(1);
    }

    /// <summary>With other brokers perhaps, of which this loop knows nothing.</summary>
    [Fact]
    public async Task AHandlersOwnTrouble_EndsTheLoop()
    {
        _handling = () => throw new BrokerException("TIMED_OUT", "the other cluster is away");

        var failure = await Should.ThrowAsync<BrokerException>(
            () => Loop().RunAsync(ends: null, CancellationToken.None).WaitAsync(Limit));

        failure.Message.ShouldContain("the other cluster is away");
    }

    private static MemoryRecord Record(long offset) => new(offset, "k", MemoryTopic.Readable);

    private static MemoryTransport NewReader()
    {
        var reader = new MemoryTransport { Place = () => new MemberPlace() };
        reader.Seeking = (generation, offset) => reader.Add(Record(offset) with { Generation = generation });
        reader.Add(Record(0));
        return reader;
    }

    private ExactlyOnceLoop<string, int> Loop(Action? opening = null) => new(
        "notes",
        _ =>
        {
            opening?.Invoke();
            return Task.FromResult(_road.Producer(TimeSpan.FromSeconds(1)));
        },
        NewReader,
        reader => new RecordSource<string, int>(
            "notes",
            MemoryTopic.Group,
            MemoryTopic.Reader<string>("notes", SchemaFormat.String, RecordSlot.Key),
            MemoryTopic.Reader<int>("notes", SchemaFormat.Int32, RecordSlot.Value),
            reader,
            FailurePolicy.Throw,
            failed: null,
            NullLogger.Instance),
        (_, _, _) =>
        {
            _handling?.Invoke();
            return ValueTask.CompletedTask;
        },
        maxRecords: 10,
        drainTimeout: Limit,
        new ImpatientTime(),
        NullLogger.Instance);

    private sealed class MemberPlace() : System.Runtime.InteropServices.SafeHandle(0, ownsHandle: false)
    {
        public override bool IsInvalid => false;

        protected override bool ReleaseHandle() => true;
    }

    /// <summary>A clock on which every wait is over at once.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
