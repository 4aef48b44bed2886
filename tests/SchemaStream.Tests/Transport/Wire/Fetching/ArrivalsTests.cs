using SchemaStream.Transport.Wire.Fetching;

namespace SchemaStream.Tests.Transport.Wire.Fetching;

/// <summary>How the reader hears of records, and when it keeps its thread meanwhile.</summary>
public sealed class ArrivalsTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1, 1);

    public void Dispose() => _turn.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Word_ThatCameBefore_IsHeardAtOnce_AndOnce(bool isFlowing)
    {
        var arrivals = new Arrivals(_turn, TimeSpan.FromMilliseconds(1)) { IsFlowing = isFlowing };
        arrivals.Tell();
        arrivals.Tell();

        (await Task.Run(() => HasCompleted(arrivals))).ShouldBeTrue();
        arrivals.Hear();
        (await Task.Run(() => HasCompleted(arrivals))).ShouldBeFalse();
    }

    [Fact]
    public async Task WhileRecordsFlow_TheReaderKeepsItsThread_UntilTheWord()
    {
        var arrivals = new Arrivals(_turn, Long) { IsFlowing = true };
        var waiting = Task.Run(() => HasCompleted(arrivals));
        SpinWait.SpinUntil(() => _turn.CurrentCount == 0, Long).ShouldBeTrue();

        arrivals.Tell();

        (await waiting).ShouldBeTrue("it has waited, instead of giving its thread back");
        arrivals.IsFlowing.ShouldBeTrue();
        _turn.CurrentCount.ShouldBe(1);
    }

    [Fact]
    public async Task WhileOneKeepsItsThread_OthersDoNot()
    {
        var first = new Arrivals(_turn, Long) { IsFlowing = true };
        var second = new Arrivals(_turn, Long) { IsFlowing = true };
        var waiting = Task.Run(() => HasCompleted(first));
        SpinWait.SpinUntil(() => _turn.CurrentCount == 0, Long).ShouldBeTrue();

        (await Task.Run(() => HasCompleted(second))).ShouldBeFalse();

        first.Tell();
        (await waiting).ShouldBeTrue();
    }

    [Fact]
    public async Task WordThatDoesNotCome_EndsTheFlow_AndIsWaitedForWithoutAThread()
    {
        var arrivals = new Arrivals(_turn, TimeSpan.FromMilliseconds(1)) { IsFlowing = true };

        var word = await Task.Factory.StartNew(
            () => arrivals.WaitAsync(CancellationToken.None).AsTask(), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default);

        word.IsCompleted.ShouldBeFalse();
        arrivals.IsFlowing.ShouldBeFalse();
        _turn.CurrentCount.ShouldBe(1);
        arrivals.Tell();
        (await word).ShouldBeTrue();
    }

    [Fact]
    public async Task End_IsHeardByWhoKeepsItsThread_WithItsReason()
    {
        var arrivals = new Arrivals(_turn, Long) { IsFlowing = true };
        var waiting = Task.Run(() => arrivals.WaitAsync(CancellationToken.None).AsTask());
        SpinWait.SpinUntil(() => _turn.CurrentCount == 0, Long).ShouldBeTrue();

        arrivals.End(new BrokerException("CODE", "for a reason"));

        (await Should.ThrowAsync<BrokerException>(() => waiting)).Message.ShouldContain("for a reason");
        (await Should.ThrowAsync<BrokerException>(() => Task.Run(() => arrivals.WaitAsync(CancellationToken.None).AsTask()))).Code.ShouldBe("CODE");
    }

    [Fact]
    public async Task ThreadThatIsNotThePools_IsNotKept()
    {
        var arrivals = new Arrivals(_turn, Long) { IsFlowing = true };
        var completed = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => completed.SetResult(HasCompleted(arrivals))).Start();

        (await completed.Task).ShouldBeFalse("it may be a window's own thread");
    }

    private static bool HasCompleted(Arrivals arrivals) => arrivals.WaitAsync(CancellationToken.None).AsTask().IsCompleted;
}
