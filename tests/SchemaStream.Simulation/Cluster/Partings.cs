using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Simulation.Cluster;

/// <summary>
/// Plays against the ISR: a follower that has just come into it loses sight of its leader; and where one comes into it
/// that cannot have fetched anything, the leader dies, so that the follower is elected. With sound requests only the first
/// happens often; it takes an old request, granted late, for the second to cost records.
/// </summary>
internal sealed class Partings
{
    private readonly ClusterWorld _world;

    public Partings(ClusterWorld world)
    {
        _world = world;
        world.Metadata.Changed += OnChanged;
    }

    private void OnChanged(PartitionKey key, PartitionRegistration? before, PartitionRegistration after)
    {
        var schedule = _world.Schedule;
        if (schedule.IsCalm || before is null || after.Leader != before.Leader || after.Isr.Length <= before.Isr.Length)
        {
            return;
        }

        var (leader, joined) = (after.Leader, after.Isr.First(member => !before.Isr.Contains(member)));
        if (_world.Network.IsCut(joined, leader))
        {
            schedule.At(schedule.Between(5, 60), () => Die(_world.Nodes[leader - 1]));
        }
        else if (schedule.Chance(0.8))
        {
            schedule.At(schedule.Between(0, 30), () => Part(leader, joined));
        }
    }

    private void Part(int leader, int joined)
    {
        if (!_world.Schedule.IsCalm)
        {
            _world.Network.Isolate(leader, [joined], bothWays: true);
            _world.Schedule.At(_world.Schedule.Between(600, 1_500), _world.Network.Heal);
        }
    }

    private void Die(ClusterNode leader)
    {
        if (!_world.Schedule.IsCalm && leader.Process is not null)
        {
            _world.Crash(leader, losesPower: false, "as a follower joins that cannot hear it");
            _world.Schedule.At(_world.Schedule.Between(100, 600), () => _world.Start(leader));
        }
    }
}
