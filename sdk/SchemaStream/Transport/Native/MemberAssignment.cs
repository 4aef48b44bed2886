using System.Buffers.Binary;
using System.Text;

namespace SchemaStream.Transport.Native;

/// <summary>What the leader of a group has given to a member, in the form that all of Kafka's clients share.</summary>
internal static class MemberAssignment
{
    /// <summary>How many partitions of a topic are in it; null when it is cut short.</summary>
    /// <param name="assignment">A version, then topics with their partitions, then what the assignor wants to remember.</param>
    /// <param name="topic">The topic.</param>
    public static int? CountPartitions(ReadOnlySpan<byte> assignment, string topic)
    {
        if (assignment.IsEmpty)
        {
            return 0; // one that has just joined
        }

        var found = 0;
        if (!TryTake(ref assignment, sizeof(short), out _) || !TryTakeCount(ref assignment, out var topics))
        {
            return null;
        }

        for (var index = 0; index < topics; index++)
        {
            if (!TryTake(ref assignment, sizeof(short), out var length)
                || !TryTake(ref assignment, BinaryPrimitives.ReadInt16BigEndian(length), out var name)
                || !TryTakeCount(ref assignment, out var partitions)
                || !TryTake(ref assignment, (long)partitions * sizeof(int), out _))
            {
                return null;
            }

            found += Encoding.UTF8.GetString(name) == topic ? partitions : 0;
        }

        return found;
    }

    private static bool TryTakeCount(ref ReadOnlySpan<byte> rest, out int count)
    {
        count = TryTake(ref rest, sizeof(int), out var bytes) ? BinaryPrimitives.ReadInt32BigEndian(bytes) : -1;
        return count >= 0;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, long length, out ReadOnlySpan<byte> taken)
    {
        if (length < 0 || length > rest.Length)
        {
            taken = default;
            return false;
        }

        taken = rest[..(int)length];
        rest = rest[(int)length..];
        return true;
    }
}
