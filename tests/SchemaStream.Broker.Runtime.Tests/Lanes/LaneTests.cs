using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker.Runtime.Lanes;

namespace SchemaStream.Broker.Runtime.Tests.Lanes;

public sealed class LaneTests : IDisposable
{
    private readonly Lane _lane = new("test", capacity: 4, TimeProvider.System, NullLogger.Instance);

    public void Dispose() => _lane.Dispose();

    [Fact]
    public async Task Post_WhenTheLaneIsIdle_RunsOnThePostersThread()
    {
        var thread = 0;
        var call = _lane.RunAsync(new LaneCall<int>(null, _ => thread = Environment.CurrentManagedThreadId));

        call.IsCompleted.ShouldBeTrue();
        (await call).ShouldBe(Environment.CurrentManagedThreadId);
        thread.ShouldBe(Environment.CurrentManagedThreadId);
    }

    [Fact]
    public async Task Post_FromManyThreads_RunsOneAtATimeAndAll()
    {
        const int Posters = 8;
        const int Each = 2_000;
        var inside = 0;
        var count = 0;
        var overlaps = 0;

        await Task.WhenAll(Enumerable.Range(0, Posters).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                await _lane.RunAsync(new LaneCall<int>(null, _ =>
                {
                    overlaps += Interlocked.Increment(ref inside) == 1 ? 0 : 1;
                    count++;
                    Interlocked.Decrement(ref inside);
                    return count;
                }));
            }
        })));

        overlaps.ShouldBe(0);
        count.ShouldBe(Posters * Each);
    }

    [Fact]
    public async Task Post_WhenTheQueueIsFull_WaitsForRoomAndKeepsTheOrder()
    {
        using var entered = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        var order = new List<int>();
        var blocker = Task.Run(async () => await _lane.RunAsync(new LaneCall<int>(null, _ =>
        {
            entered.Release();
            release.Wait();
            return 0;
        })));
        await entered.WaitAsync();

        var accepted = new List<Task>();
        for (var i = 0; i < 6; i++)
        {
            var number = i;
            accepted.Add(_lane.PostAsync(new LaneCall<int>(null, _ =>
            {
                order.Add(number);
                return number;
            })).AsTask());
        }

        accepted.Count(task => task.IsCompleted).ShouldBe(4);
        release.Set();
        await blocker;
        await Task.WhenAll(accepted);
        await _lane.RunAsync(new LaneCall<int>(null, _ => 0));
        order.ShouldBe([0, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task Execute_WhenItThrows_TakesItsOwnerOfflineAndTheLaneGoesOn()
    {
        var owner = new Owner();
        var failed = async () => await _lane.RunAsync(
            new LaneCall<int>(owner, _ => throw new InvalidOperationException("broken")));

        (await failed.ShouldThrowAsync<InvalidOperationException>()).Message.ShouldBe("broken");
        owner.Cause.ShouldBeOfType<InvalidOperationException>();
        (await _lane.RunAsync(new LaneCall<int>(owner, _ => 7))).ShouldBe(7);
    }

    [Fact]
    public async Task OwnerThatCannotBeStopped_CostsNoOneElseTheLane()
    {
        var stubborn = new StubbornOwner();

        var failed = async () => await _lane.RunAsync(new LaneCall<int>(stubborn, _ => throw new InvalidOperationException("broken")));

        (await failed.ShouldThrowAsync<InvalidOperationException>()).Message.ShouldBe("broken");
        (await _lane.RunAsync(new LaneCall<int>(null, _ => 7))).ShouldBe(7);
    }

    [Fact]
    public async Task WorkBesideTheLane_ThatFails_StopsItsOwner()
    {
        var owner = new Owner();

        await _lane.RunBesideAsync(owner, () => throw new InvalidOperationException("broken"));
        await _lane.RunAsync(new LaneCall<int>(null, _ => 7));

        owner.Cause.ShouldBeOfType<InvalidOperationException>();
    }

    [Fact]
    public async Task Round_WithOneThatFails_GoesOnWithTheOthers()
    {
        var owners = Enumerable.Range(0, 1_000).Select(_ => new Owner()).ToArray();
        var worked = 0;
        var round = new LaneRound<Owner>(_lane, owner => owner, (owner, _) =>
        {
            worked += ReferenceEquals(owner, owners[500]) ? throw new InvalidOperationException("broken") : 1;
        });
        round.Items.AddRange(owners);

        await round.RunAsync();

        worked.ShouldBe(999);
        owners.Count(owner => owner.Cause is not null).ShouldBe(1);
    }

    [Fact]
    public async Task Post_AfterTheLaneClosed_IsRefused()
    {
        _lane.Dispose();

        var late = async () => await _lane.RunAsync(new LaneCall<int>(null, _ => 1));

        await late.ShouldThrowAsync<LaneClosedException>();
    }

    [Fact]
    public async Task Post_FromALane_NeverRunsTheOtherLaneInside()
    {
        using var other = new Lane("other", 4, TimeProvider.System, NullLogger.Instance);
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var inside = new ThreadLocal<bool>();

        await _lane.RunAsync(new LaneCall<int>(null, _ =>
        {
            inside.Value = true;
            other.Post(new LaneCall<int>(null, _ =>
            {
                done.SetResult(inside.Value);
                return 0;
            }));
            inside.Value = false;
            return 0;
        }));

        (await done.Task).ShouldBeFalse("the other lane ran on this thread, inside the first one's command");
    }

    [Fact]
    public async Task PooledOperation_PostedToAnIdleLane_AllocatesNothing()
    {
        var operation = new Counting();
        await _lane.RunAsync(operation);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = 0;
        for (var i = 0; i < 1_000; i++)
        {
            var outcome = _lane.RunAsync(operation);
            outcome.IsCompleted.ShouldBeTrue();
            sum += await outcome;
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000);
        sum.ShouldBeGreaterThan(0);
    }

    private sealed class Counting : LaneOperation<int>
    {
        private int _count;

        protected internal override void Execute(Lane lane) => Complete(++_count);

        protected internal override void Fail(Exception cause) => CompleteWithError(cause);

        protected override void Recycle()
        {
        }
    }

    private sealed class StubbornOwner : ILaneOwner
    {
        public string Name => "stubborn";

        public void TakeOffline(Exception cause) => throw new InvalidOperationException("worse");
    }

    private sealed class Owner : ILaneOwner
    {
        public Exception? Cause { get; private set; }

        public string Name => "owner";

        public void TakeOffline(Exception cause) => Cause = cause;
    }
}
