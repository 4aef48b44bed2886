using System.Diagnostics.CodeAnalysis;

namespace SchemaStream.Protocol;

/// <summary>
/// States that cannot be, on in release too: going on with a broken promise costs more than the check. The lane that
/// runs the code takes its owner (a partition, a shard) offline; the rest goes on.
/// </summary>
public static class Invariant
{
    /// <param name="promise">What should have held, in words that a reader of the log understands.</param>
    public static void That([DoesNotReturnIf(false)] bool holds, string promise)
    {
        if (!holds)
        {
            throw new InvariantException(promise);
        }
    }
}
