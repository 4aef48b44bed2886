using SchemaStream.Simulation.Schedules;

namespace SchemaStream.Simulation.Seeds;

/// <summary>A kind of world that seeds are tried in.</summary>
/// <param name="Name">As the command line names it.</param>
/// <param name="Says">What happens in it.</param>
/// <param name="ShortRun">So many seeds, from 0 on, are tried with every change.</param>
/// <param name="LeastAcknowledged">By a seed on average: a world in which hardly anything is acknowledged proves little.</param>
/// <param name="Run">Runs one seed; throws where a promise is broken; says how much was acknowledged.</param>
internal sealed record Scenario(string Name, string Says, int ShortRun, int LeastAcknowledged, Func<Schedule, int> Run);
