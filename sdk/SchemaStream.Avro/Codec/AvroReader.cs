using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Codec;

/// <summary>
/// What compiled and generated decoders are made of: a cursor over a payload that never reads past its end. For
/// generated code; a program uses <see cref="AvroDeserializer{T}"/>.
/// </summary>
/// <remarks>A read that fails leaves the position where it was, so that the place of the fault can be told.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref partial struct AvroReader
{
    private const ulong MoreBits = 0x8080808080808080;
    private const ulong SevenBits = 0x7f7f7f7f7f7f7f7f;
    private const int MaxVarintBytes = 10;
    private const int TrustedItems = 4096;
    private const int TrustedItemsBelow = 16;
    private const int TrustedDepth = 16;

    private readonly ref byte _start;
    private readonly int _length;
    private int _position;
    private int _depth;
    private int _emptyItems;

    /// <summary>A cursor at the beginning of a payload.</summary>
    public AvroReader(ReadOnlySpan<byte> input)
    {
        _start = ref MemoryMarshal.GetReference(input);
        _length = input.Length;
    }

    /// <summary>The next byte's place.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes not yet read.</summary>
    public readonly int Remaining => _length - _position;

    /// <summary>A long. A varint of more than 64 bits is a fault.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadLong()
    {
        if (_position < _length)
        {
            long first = Unsafe.Add(ref _start, (nint)(uint)_position);
            if (first < 0x80)
            {
                _position++;
                return (first >> 1) ^ -(first & 1);
            }
        }

        return ReadLongerLong();
    }

    /// <summary>An int. A number of more than 32 bits is a fault.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadInt()
    {
        if (_position < _length)
        {
            int first = Unsafe.Add(ref _start, (nint)(uint)_position);
            if (first < 0x80)
            {
                _position++;
                return (first >> 1) ^ -(first & 1);
            }
        }

        return ReadLongerInt();
    }

    /// <summary>A boolean. A byte other than 0 and 1 is a fault.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadBoolean()
    {
        if (_position < _length)
        {
            var value = Unsafe.Add(ref _start, (nint)(uint)_position);
            if (value <= 1)
            {
                _position++;
                return value != 0;
            }
        }

        return FailBoolean();
    }

    /// <summary>A float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ReadFloat()
    {
        Require(sizeof(float), "a float");
        var bits = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref _start, (nint)(uint)_position));
        _position += sizeof(float);
        return BitConverter.UInt32BitsToSingle(
            BitConverter.IsLittleEndian ? bits : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(bits));
    }

    /// <summary>A double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double ReadDouble()
    {
        Require(sizeof(double), "a double");
        var bits = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref _start, (nint)(uint)_position));
        _position += sizeof(double);
        return BitConverter.UInt64BitsToDouble(
            BitConverter.IsLittleEndian ? bits : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(bits));
    }

    /// <summary>The number of a union's branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadBranch(int count)
    {
        var at = _position;
        var index = ReadLong();
        if ((ulong)index >= (ulong)count)
        {
            FailOrdinal(at, index, count, "branch of the union");
        }

        return (int)index;
    }

    /// <summary>The number of an enum's symbol.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSymbol(int count)
    {
        var at = _position;
        var index = ReadLong();
        if ((ulong)index >= (ulong)count)
        {
            FailOrdinal(at, index, count, "symbol of the enum");
        }

        return (int)index;
    }

    /// <summary>So many bytes, as a slice of the payload.</summary>
    public ReadOnlySpan<byte> ReadFixed(int size)
    {
        Require(size, "a fixed");
        var bytes = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _start, (nint)(uint)_position), size);
        _position += size;
        return bytes;
    }

    /// <summary>Bytes behind their length, as a slice of the payload.</summary>
    public ReadOnlySpan<byte> ReadSlice()
    {
        var at = _position;
        var count = ReadLong();
        if (count < 0 || count > _length - _position)
        {
            var left = _length - _position;
            _position = at;
            throw new AvroDataException(count < 0
                ? $"the declared length is negative: {count}"
                : $"the declared length is {count} bytes, of which {left} are left");
        }

        var bytes = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _start, (nint)(uint)_position), (int)count);
        _position += (int)count;
        return bytes;
    }

    /// <summary>Goes one level into a recursive type.</summary>
    public void Enter()
    {
        if (++_depth > AvroLimits.MaxValueDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new AvroDataException($"the value nests more than {AvroLimits.MaxValueDepth} levels deep");
        }
    }

    /// <summary>Comes back from a recursive type.</summary>
    public void Leave() => _depth--;

    /// <summary>Goes back to a position that was read before.</summary>
    public void Rewind(int position) => _position = position;

    /// <summary>The payload must end where the value does.</summary>
    public readonly void RequireEnd()
    {
        if (_position != _length)
        {
            throw new AvroDataException(
                $"the value ends at byte {_position}, but the payload has {_length} bytes: it was written with another schema",
                isAfterValue: true);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Require(int count, string what)
    {
        if (_length - _position < count)
        {
            FailEnd(count, what);
        }
    }

    private long ReadLongerLong()
    {
        if (Bmi2.X64.IsSupported && _length - _position >= sizeof(ulong))
        {
            var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref _start, (nint)(uint)_position));
            var ends = ~word & MoreBits;
            if (ends != 0)
            {
                var bits = BitOperations.TrailingZeroCount(ends) + 1;
                _position += bits >> 3;
                var value = Bmi2.X64.ParallelBitExtract(word << (64 - bits) >> (64 - bits), SevenBits);
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        return ReadLongByByte();
    }

    private long ReadLongByByte()
    {
        ulong value = 0;
        for (var i = 0; i < MaxVarintBytes; i++)
        {
            if (_position + i >= _length)
            {
                throw new AvroDataException($"the payload ends after {i} bytes of a varint");
            }

            ulong next = Unsafe.Add(ref _start, _position + i);
            value |= (next & 0x7f) << (7 * i);
            if (next < 0x80)
            {
                if (i == MaxVarintBytes - 1 && next > 1)
                {
                    break;
                }

                _position += i + 1;
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw new AvroDataException("the varint has more than 64 bits");
    }

    private int ReadLongerInt()
    {
        var at = _position;
        var value = ReadLongerLong();
        if (value != (int)value)
        {
            _position = at;
            throw new AvroDataException($"{value} is outside of what an int can be");
        }

        return (int)value;
    }

    private readonly bool FailBoolean() => throw new AvroDataException(
        _position < _length
            ? $"a boolean is 0 or 1, found {Unsafe.Add(ref _start, _position)}"
            : "the payload ends where a boolean should be");

    [DoesNotReturn]
    private void FailOrdinal(int at, long index, int count, string what)
    {
        _position = at;
        throw new AvroDataException($"there is no {what} with number {index}: it has {count}");
    }

    [DoesNotReturn]
    private readonly void FailEnd(int count, string what) =>
        throw new AvroDataException($"the payload has {_length - _position} bytes left, {what} takes {count}");
}
