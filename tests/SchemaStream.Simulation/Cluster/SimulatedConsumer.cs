using SchemaStream.Protocol;
using SchemaStream.Simulation.Seeds;

namespace SchemaStream.Simulation.Cluster;

/// <summary>Reads one partition from whatever replica it comes to; all that it is given must be committed.</summary>
internal sealed class SimulatedConsumer
{
    private readonly ClusterWorld _world;
    private readonly int _client;
    private readonly PartitionKey _key;
    private readonly List<SimulatedRecord> _read = [];
    private int _uncleanElections;

    public SimulatedConsumer(ClusterWorld world, int client, PartitionKey key)
    {
        (_world, _client, _key) = (world, client, key);
        world.Schedule.At(world.Schedule.Between(1, 100), Poll);
    }

    private void Poll()
    {
        var replicas = _world.Metadata.Newest.Partition(_key.Topic, _key.Index)?.Replicas;
        if (replicas is { Length: > 0 } nodes)
        {
            var (offset, epoch) = (_read.Count, _read.Count == 0 ? -1 : _read[^1].LeaderEpoch);
            _world.Ask<FetchAnswer>(
                _client,
                _world.Schedule.OneOf(nodes),
                (process, reply) => reply(process.Broker.Consume(_key, offset, epoch)),
                answer => Take(offset, answer));
        }

        _world.Schedule.At(_world.Schedule.Between(10, 120), Poll);
    }

    private void Take(int askedOffset, FetchAnswer answer)
    {
        var history = _world.Metadata.History(_key);
        if (_uncleanElections != history.UncleanElections)
        {
            _uncleanElections = history.UncleanElections;
            _read.Clear(); // what it read before may have been taken back
            return;
        }

        if (askedOffset != _read.Count || answer.Error != ErrorCode.None || answer.Batches.IsEmpty)
        {
            return;
        }

        var records = new List<SimulatedRecord>();
        SimulatedRecord.Parse(answer.Batches.Span, askedOffset, long.MaxValue, records);
        foreach (var record in records)
        {
            if (record.LeaderEpoch < history.RewrittenInEpoch && history.UncleanElections > 0)
            {
                return; // perhaps of a replica that has not heard of the unclean election
            }

            if (record.Offset >= answer.HighWatermark)
            {
                throw new BrokenPromiseException($"{_key}: a consumer was given {record}, behind the high watermark {answer.HighWatermark}");
            }

            history.MustHave(record.Offset, record.Value, "a consumer has read");
            _read.Add(record);
        }
    }
}
