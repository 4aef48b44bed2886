using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Connections;

/// <summary>
/// One reply as the segments to send: what was encoded, in pooled chunks, and between them the payloads
/// that were only referenced. Whoever lent a payload gets it back once the reply was sent.
/// </summary>
internal sealed class ResponseBuffer : IPayloadOutput
{
    private const int ChunkBytes = 1024;
    private const int MaxChunkBytes = 64 * 1024;

    // Below this a copy costs less than a segment of its own.
    private const int MinReferencedBytes = 256;

    private readonly List<byte[]> _chunks = [];
    private readonly List<ArraySegment<byte>> _segments = [];
    private readonly List<IDisposable> _loans = [];
    private byte[] _chunk = [];
    private int _segmentStart;
    private int _position;

    /// <summary>All bytes of the frame, its length field included.</summary>
    public int Length { get; private set; }

    /// <summary>Begins a frame; its length is filled in by <see cref="Complete"/>.</summary>
    public void Begin()
    {
        GetSpan(sizeof(int))[..sizeof(int)].Clear();
        Advance(sizeof(int));
    }

    public void Complete()
    {
        CloseSegment();
        BinaryPrimitives.WriteInt32BigEndian(_segments[0], Length - sizeof(int));
    }

    public void AddSegmentsTo(List<ArraySegment<byte>> output) => output.AddRange(_segments);

    /// <summary>Holds what the payloads lie in until the reply was sent.</summary>
    public void Borrow(IDisposable owner) => _loans.Add(owner);

    public void Advance(int count)
    {
        _position += count;
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _chunk.AsMemory(_position);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _chunk.AsSpan(_position);
    }

    public void AppendReference(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length >= MinReferencedBytes && MemoryMarshal.TryGetArray(payload, out var segment))
        {
            CloseSegment();
            _segments.Add(segment);
            Length = checked(Length + payload.Length);
            return;
        }

        payload.Span.CopyTo(GetSpan(payload.Length));
        Advance(payload.Length);
    }

    /// <summary>Gives everything back; the buffer is as new.</summary>
    public void Reset()
    {
        foreach (var chunk in _chunks)
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        foreach (var loan in _loans)
        {
            loan.Dispose();
        }

        _chunks.Clear();
        _loans.Clear();
        _segments.Clear();
        _chunk = [];
        _segmentStart = _position = Length = 0;
    }

    private void EnsureRoom(int sizeHint)
    {
        if (_chunk.Length - _position >= Math.Max(1, sizeHint))
        {
            return;
        }

        CloseSegment();
        var growing = _chunks.Count == 0 ? ChunkBytes : Math.Min(MaxChunkBytes, _chunk.Length * 4);
        _chunk = ArrayPool<byte>.Shared.Rent(Math.Max(growing, sizeHint));
        _chunks.Add(_chunk);
        _segmentStart = _position = 0;
    }

    private void CloseSegment()
    {
        if (_position > _segmentStart)
        {
            _segments.Add(new ArraySegment<byte>(_chunk, _segmentStart, _position - _segmentStart));
            _segmentStart = _position;
        }
    }
}
