using System.Buffers;
using SchemaStream.Protocol.Client;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>
/// Memory that records lie in: a response's, or what a batch was unpacked into. It goes back to its pool with the last
/// who looks at it.
/// </summary>
internal sealed class FetchedMemory
{
    private readonly Action<int>? _freed;
    private readonly int _length;
    private PooledResponse _response;
    private byte[]? _array;
    private int _users = 1;

    /// <summary>Keeps a response.</summary>
    /// <param name="response">The response; this owns it from now on.</param>
    /// <param name="freed">Told its length when it is given back.</param>
    public FetchedMemory(PooledResponse response, Action<int>? freed)
    {
        _response = response;
        _length = response.Length;
        _freed = freed;
    }

    /// <summary>Keeps an array of the shared pool.</summary>
    /// <param name="array">The array; this owns it from now on.</param>
    public FetchedMemory(byte[] array) => _array = array;

    /// <summary>Its bytes in all.</summary>
    public int Length => _length;

    /// <summary>One more looks at it, who lets go of it later.</summary>
    public void Share() => Interlocked.Increment(ref _users);

    /// <summary>One looks at it no more.</summary>
    public void LetGo()
    {
        var left = Interlocked.Decrement(ref _users);
        if (left > 0)
        {
            return;
        }

        if (left < 0)
        {
            throw new InvalidOperationException("Memory was let go of once too often.");
        }

        _response.Dispose();
        _response = default;
        if (_array is { } array)
        {
            _array = null;
            ArrayPool<byte>.Shared.Return(array);
        }

        _freed?.Invoke(_length);
    }
}
