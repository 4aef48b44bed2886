using System.Buffers.Binary;

namespace SchemaStream.Cli.Kafka.Producing;

/// <summary>Chooses the partitions of records as Kafka's producer does.</summary>
/// <param name="isRoundRobin">Whether keys are disregarded and all partitions take turns.</param>
/// <param name="batchBytes">So much goes to a partition that was chosen at random, before another is.</param>
internal sealed class Partitioner(bool isRoundRobin, int batchBytes)
{
    private readonly Dictionary<string, int> _turns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Partition, long Bytes)> _sticky = new(StringComparer.Ordinal);

    /// <summary>That of a class of Kafka's, or, where a tutorial has its package wrong, of the class's name.</summary>
    /// <exception cref="ToolFailedException">There is no such class here.</exception>
    public static Partitioner OfClass(string? name, int batchBytes) => name switch
    {
        null => new Partitioner(false, batchBytes),
        _ when name.EndsWith("RoundRobinPartitioner", StringComparison.Ordinal) => new Partitioner(true, batchBytes),
        _ when name.EndsWith("DefaultPartitioner", StringComparison.Ordinal)
            || name.EndsWith("UniformStickyPartitioner", StringComparison.Ordinal) => new Partitioner(false, batchBytes),
        _ => throw new ToolFailedException($"Invalid value {name} for configuration partitioner.class: Class {name} could not be found."),
    };

    /// <summary>One of <paramref name="count"/> partitions.</summary>
    /// <param name="size">Bytes of the record.</param>
    public int Choose(string topic, ReadOnlyMemory<byte>? key, int size, int count)
    {
        if (isRoundRobin)
        {
            var turn = _turns.GetValueOrDefault(topic);
            _turns[topic] = turn == int.MaxValue ? 0 : turn + 1;
            return turn % count;
        }

        return key is { } bytes ? (Murmur2(bytes.Span) & int.MaxValue) % count : Sticky(topic, size, count);
    }

    /// <summary>The hash that all of Kafka's clients agree on for keys.</summary>
    internal static int Murmur2(ReadOnlySpan<byte> data)
    {
        const uint multiplier = 0x5bd1e995;
        unchecked
        {
            var hash = 0x9747b28cu ^ (uint)data.Length;
            for (; data.Length >= sizeof(uint); data = data[sizeof(uint)..])
            {
                var word = BinaryPrimitives.ReadUInt32LittleEndian(data) * multiplier;
                word = (word ^ (word >> 24)) * multiplier;
                hash = (hash * multiplier) ^ word;
            }

            for (var i = data.Length - 1; i >= 0; i--)
            {
                hash ^= (uint)data[i] << (8 * i);
            }

            hash = data.IsEmpty ? hash : hash * multiplier;
            hash = (hash ^ (hash >> 13)) * multiplier;
            return (int)(hash ^ (hash >> 15));
        }
    }

    private int Sticky(string topic, int size, int count)
    {
        if (!_sticky.TryGetValue(topic, out var chosen) || chosen.Bytes + size > batchBytes || chosen.Partition >= count)
        {
            chosen = (Random.Shared.Next(count), 0);
        }

        _sticky[topic] = (chosen.Partition, chosen.Bytes + size);
        return chosen.Partition;
    }
}
