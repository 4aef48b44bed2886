using System.Buffers;
using System.Buffers.Binary;

namespace SchemaStream.Primitives;

/// <summary>Four bytes, big-endian.</summary>
internal sealed class Int32Serializer : PrimitiveSerializer<int>
{
    public static readonly Int32Serializer Instance = new();

    public override SchemaFormat Format => SchemaFormat.Int32;

    public override void Serialize(int value, in SerializationContext context, IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }

    public override int Deserialize(ReadOnlySpan<byte> input, in SerializationContext context)
    {
        DemandLength(input, sizeof(int));
        return BinaryPrimitives.ReadInt32BigEndian(input);
    }
}

/// <summary>Eight bytes, big-endian.</summary>
internal sealed class Int64Serializer : PrimitiveSerializer<long>
{
    public static readonly Int64Serializer Instance = new();

    public override SchemaFormat Format => SchemaFormat.Int64;

    public override void Serialize(long value, in SerializationContext context, IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }

    public override long Deserialize(ReadOnlySpan<byte> input, in SerializationContext context)
    {
        DemandLength(input, sizeof(long));
        return BinaryPrimitives.ReadInt64BigEndian(input);
    }
}

/// <summary>IEEE 754 single, four bytes, big-endian.</summary>
internal sealed class Float32Serializer : PrimitiveSerializer<float>
{
    public static readonly Float32Serializer Instance = new();

    public override SchemaFormat Format => SchemaFormat.Float32;

    public override void Serialize(float value, in SerializationContext context, IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteSingleBigEndian(output.GetSpan(sizeof(float)), value);
        output.Advance(sizeof(float));
    }

    public override float Deserialize(ReadOnlySpan<byte> input, in SerializationContext context)
    {
        DemandLength(input, sizeof(float));
        return BinaryPrimitives.ReadSingleBigEndian(input);
    }
}

/// <summary>IEEE 754 double, eight bytes, big-endian.</summary>
internal sealed class Float64Serializer : PrimitiveSerializer<double>
{
    public static readonly Float64Serializer Instance = new();

    public override SchemaFormat Format => SchemaFormat.Float64;

    public override void Serialize(double value, in SerializationContext context, IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteDoubleBigEndian(output.GetSpan(sizeof(double)), value);
        output.Advance(sizeof(double));
    }

    public override double Deserialize(ReadOnlySpan<byte> input, in SerializationContext context)
    {
        DemandLength(input, sizeof(double));
        return BinaryPrimitives.ReadDoubleBigEndian(input);
    }
}
