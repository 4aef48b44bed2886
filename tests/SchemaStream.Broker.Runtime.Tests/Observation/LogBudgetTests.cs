using SchemaStream.Broker.Runtime.Observation;

namespace SchemaStream.Broker.Runtime.Tests.Observation;

public sealed class LogBudgetTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Lines_BeyondTheFirstTen_AreCountedAndToldLater()
    {
        var budget = new LogBudget<string>(_time);
        Enumerable.Range(0, 100).Count(_ => budget.MayWrite("a", out var _)).ShouldBe(10);
        budget.MayWrite("b", out _).ShouldBeTrue();

        _time.Advance(TimeSpan.FromSeconds(10));

        budget.MayWrite("a", out var suppressed).ShouldBeTrue();
        suppressed.ShouldBe(90);
        budget.MayWrite("a", out suppressed).ShouldBeTrue();
        suppressed.ShouldBe(0);
    }

    /// <summary>A million addresses must not become a million entries, nor a million lines.</summary>
    [Fact]
    public void Keys_BeyondTheLimit_ShareOneBudget()
    {
        var budget = new LogBudget<int>(_time);
        Enumerable.Range(0, 100_000).Count(key => budget.MayWrite(key, out _)).ShouldBe(1_010);

        _time.Advance(TimeSpan.FromSeconds(10));

        budget.MayWrite(200_000, out _).ShouldBeTrue();
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _now;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += (long)(time.TotalSeconds * TimestampFrequency);
    }
}
