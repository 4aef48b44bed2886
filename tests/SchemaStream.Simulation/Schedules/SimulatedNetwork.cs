namespace SchemaStream.Simulation.Schedules;

/// <summary>How badly a network behaves while there is a storm.</summary>
/// <param name="Loss">Of a message.</param>
/// <param name="Duplication">It comes twice, the second time perhaps much later.</param>
/// <param name="Delay">It comes so late that others overtake it.</param>
/// <param name="LongestDelayMs">How late.</param>
internal sealed record Weather(double Loss = 0.03, double Duplication = 0.03, double Delay = 0.02, int LongestDelayMs = 1_000);

/// <summary>Carries messages between nodes: loses, repeats, delays, reorders, and parts them one way or both.</summary>
internal sealed class SimulatedNetwork(Schedule schedule, Weather weather)
{
    private readonly HashSet<(int From, int To)> _cut = [];

    public bool IsCut(int from, int to) => _cut.Contains((from, to));

    public void Cut(int from, int to) => _cut.Add((from, to));

    public void Heal() => _cut.Clear();

    /// <summary>Parts a node from the others: what it says is not heard, and with both ways it hears nothing either.</summary>
    public void Isolate(int node, IEnumerable<int> others, bool bothWays)
    {
        foreach (var other in others.Where(other => other != node))
        {
            Cut(node, other);
            if (bothWays)
            {
                Cut(other, node);
            }
        }
    }

    public void Send(int from, int to, Action deliver)
    {
        if (from == to)
        {
            schedule.At(1, deliver);
            return;
        }

        if (schedule.Mishap(weather.Loss))
        {
            return;
        }

        schedule.At(DelayMs(), () => Deliver(from, to, deliver));
        if (schedule.Mishap(weather.Duplication))
        {
            schedule.At(DelayMs() + schedule.Between(0, weather.LongestDelayMs / 2), () => Deliver(from, to, deliver));
        }
    }

    private void Deliver(int from, int to, Action deliver)
    {
        if (!IsCut(from, to))
        {
            deliver();
        }
    }

    private int DelayMs() => schedule.Mishap(weather.Delay) ? schedule.Between(0, weather.LongestDelayMs) : schedule.Between(1, 7);
}
