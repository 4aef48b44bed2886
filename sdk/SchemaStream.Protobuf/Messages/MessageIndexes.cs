using System.Numerics;

namespace SchemaStream.Protobuf.Messages;

/// <summary>
/// Confluent's message indexes: the path of a message within its file, as the number of steps and the steps, each a zigzag
/// varint. The path to the first message of the file, [0], is shortened to a single zero.
/// </summary>
internal static class MessageIndexes
{
    /// <summary>The longest path: protoc nests messages no deeper.</summary>
    public const int Deepest = ProtoLimits.MaxMessageDepth;

    private const int LongestVarint = 5;

    public static byte[] Write(ReadOnlySpan<int> path)
    {
        if (path is [0])
        {
            return [0];
        }

        var output = new List<byte>();
        Append(output, path.Length);
        foreach (var step in path)
        {
            Append(output, step);
        }

        return [.. output];
    }

    /// <summary>Reads a path, in the short form or the long.</summary>
    /// <param name="input">The payload.</param>
    /// <param name="path">Receives the steps; <see cref="Deepest"/> of them fit.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>How many bytes they took.</returns>
    public static int Read(ReadOnlySpan<byte> input, Span<int> path, out int count)
    {
        var position = 0;
        count = Next(input, ref position);
        if (count == 0)
        {
            path[0] = 0;
            count = 1;
            return position;
        }

        if (count < 0 || count > path.Length)
        {
            throw new SchemaSerializationException($"the message indexes say that they are {count}; 0 to {path.Length} can be.");
        }

        for (var i = 0; i < count; i++)
        {
            path[i] = Next(input, ref position);
        }

        return position;
    }

    private static void Append(List<byte> output, int value)
    {
        var zigzag = (uint)((value << 1) ^ (value >> 31));
        for (; zigzag >= 0x80; zigzag >>= 7)
        {
            output.Add((byte)(zigzag | 0x80));
        }

        output.Add((byte)zigzag);
    }

    private static int Next(ReadOnlySpan<byte> input, ref int position)
    {
        uint zigzag = 0;
        for (var i = 0; i < LongestVarint && position < input.Length; i++)
        {
            var part = input[position++];
            if (i == LongestVarint - 1 && BitOperations.Log2(part) > 3)
            {
                break;
            }

            zigzag |= (uint)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return (int)(zigzag >> 1) ^ -(int)(zigzag & 1);
            }
        }

        throw new SchemaSerializationException("the message indexes before the message are cut off, or no varints.");
    }
}
