using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker.Runtime.Lanes;

namespace SchemaStream.Broker.Runtime.Tests.Lanes;

public sealed class LaneTimersTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly Lane _lane;
    private readonly List<string> _fired = [];

    public LaneTimersTests() => _lane = new Lane("test", 16, _clock, NullLogger.Instance);

    public void Dispose() => _lane.Dispose();

    [Fact]
    public void Timers_FireOnceEachInTheOrderOfTheirDeadlines()
    {
        Create("late").Arm(In(30));
        Create("early").Arm(In(10));

        Advance(9);
        _fired.ShouldBeEmpty();
        Advance(3);
        _fired.ShouldBe(["early"]);
        Advance(100);
        _fired.ShouldBe(["early", "late"]);
    }

    [Fact]
    public void Arm_Later_MovesTheDeadline()
    {
        var timer = Create("moved");
        timer.Arm(In(10));
        timer.Arm(In(50));

        Advance(20);
        _fired.ShouldBeEmpty();
        Advance(40);
        _fired.ShouldBe(["moved"]);
    }

    [Fact]
    public void Arm_Earlier_MovesTheDeadline()
    {
        var timer = Create("moved");
        timer.Arm(In(50));
        timer.Arm(In(10));

        Advance(12);
        _fired.ShouldBe(["moved"]);
        Advance(100);
        _fired.ShouldBe(["moved"]);
    }

    [Fact]
    public void Disarm_ThenArmAgain_FiresAtTheNewDeadlineOnly()
    {
        var timer = Create("again");
        timer.Arm(In(10));
        timer.Disarm();
        Advance(20);
        _fired.ShouldBeEmpty();

        timer.Arm(In(10));
        Advance(12);
        _fired.ShouldBe(["again"]);
    }

    [Fact]
    public async Task Timer_ThatThrows_LeavesTheOthersAlone()
    {
        _lane.Timers.Create(null, _ => throw new InvalidOperationException("broken")).Arm(In(10));
        Create("other").Arm(In(10));

        Advance(12);

        // What is due after the fault goes on as a command of its own; this one comes after it.
        await _lane.RunAsync(new LaneCall<int>(null, _ => 0));
        _fired.ShouldBe(["other"]);
    }

    private LaneTimer Create(string name) => _lane.Timers.Create(null, _ => _fired.Add(name));

    private long In(int ms) => _lane.Clock.SteadyMs + ms;

    private void Advance(int ms) => _clock.Advance(TimeSpan.FromMilliseconds(ms));
}
