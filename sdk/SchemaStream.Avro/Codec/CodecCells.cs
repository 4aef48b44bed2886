using System.Linq.Expressions;

namespace SchemaStream.Avro.Codec;

/// <summary>Writes a value at a position of a span and returns the next position, or <see cref="AvroWriter.Full"/>.</summary>
internal delegate int AvroEncode<in T>(T value, ref byte start, int position, int length, int depth);

/// <summary>Writes the items of a collection, without count and end mark.</summary>
internal delegate int AvroEncodeItems<T>(ReadOnlySpan<T> items, ref byte start, int position, int length, int depth);

/// <summary>Reads a value.</summary>
internal delegate T AvroDecode<out T>(ref AvroReader reader);

/// <summary>
/// The place where one compiled method will be. Compiled code refers to the place, so that types can contain
/// themselves and each is compiled once.
/// </summary>
internal abstract class CodecCell
{
    /// <summary>The code is being put together: whoever asks for it now is part of it.</summary>
    public bool IsBuilding { get; set; } = true;

    /// <summary>The type contains itself: its code counts how deep it is.</summary>
    public bool IsRecursive { get; set; }

    /// <summary>The method.</summary>
    public LambdaExpression? Code { get; set; }

    public abstract Type DelegateType { get; }

    public abstract void Compile();
}

internal sealed class EncodeCell<T> : CodecCell
{
    public AvroEncode<T> Encode = null!;

    public override Type DelegateType => typeof(AvroEncode<T>);

    public override void Compile() => Encode = (AvroEncode<T>)Code!.Compile();
}

internal sealed class EncodeItemsCell<T> : CodecCell
{
    public AvroEncodeItems<T> Encode = null!;

    public override Type DelegateType => typeof(AvroEncodeItems<T>);

    public override void Compile() => Encode = (AvroEncodeItems<T>)Code!.Compile();
}

internal sealed class DecodeCell<T> : CodecCell
{
    public AvroDecode<T> Decode = null!;

    public override Type DelegateType => typeof(AvroDecode<T>);

    public override void Compile() => Decode = (AvroDecode<T>)Code!.Compile();
}
