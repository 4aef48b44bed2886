using System.Globalization;

namespace SchemaStream.Simulation.Schedules;

/// <summary>
/// One seed's world: its clock, its chance, and what happens next. One thread, so that a seed has one schedule and one
/// result. Nothing in a simulation may ask another clock, another source of randomness, or a set without an order.
/// </summary>
internal sealed class Schedule(int seed, TextWriter? trace = null)
{
    /// <summary>More than any seed needs: a loop that feeds itself ends as a failure, not as a hang.</summary>
    private const long MaxSteps = 5_000_000;

    private readonly PriorityQueue<Action, (long AtMs, long Order)> _events = new();
    private long _order;
    private long _steps;

    public int Seed { get; } = seed;

    public Random Random { get; } = new(seed);

    public long NowMs { get; private set; }

    /// <summary>Without faults: what was lost comes back, and all has to end well.</summary>
    public bool IsCalm { get; set; }

    public bool IsTraced => trace is not null;

    /// <summary>What must hold after every step.</summary>
    public Action AfterEachStep { get; set; } = static () => { };

    public void At(long delayMs, Action action) => _events.Enqueue(action, (NowMs + Math.Max(0, delayMs), _order++));

    public void RunUntil(long endMs)
    {
        while (_events.TryPeek(out _, out var when) && when.AtMs <= endMs)
        {
            var action = _events.Dequeue();
            NowMs = when.AtMs;
            action();
            AfterEachStep();
            (++_steps).ShouldBeLessThan(MaxSteps, "the schedule does not end");
        }

        NowMs = endMs;
    }

    public bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>True now and then, but never in the calm.</summary>
    public bool Mishap(double probability) => !IsCalm && Chance(probability);

    public int Between(int from, int to) => Random.Next(from, to + 1);

    public T OneOf<T>(IReadOnlyList<T> all) => all[Random.Next(all.Count)];

    /// <summary>Says what happens; ask <see cref="IsTraced"/> first, as the text is not free.</summary>
    public void Trace(string text) => trace?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{NowMs,6} {text}"));
}
