using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using SchemaStream.Avro.Derivation;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Codec;

/// <summary>The value of a field that the writer did not have, made anew for each record that lacks it.</summary>
internal sealed class DefaultSource<T>(byte[] bytes, AvroDecode<T> decode)
{
    public T Read()
    {
        var reader = new AvroReader(bytes);
        return decode(ref reader);
    }
}

/// <summary>Default values in compiled code.</summary>
[RequiresUnreferencedCode(AvroReflection.Trimming)]
[RequiresDynamicCode(AvroReflection.DynamicCode)]
internal static class DefaultSource
{
    /// <summary>The expression of a field's default.</summary>
    public static Expression Of(AvroField field, ShapeUse use) =>
        (Expression)new Func<AvroField, ShapeUse, Expression>(Of<object>).Method.GetGenericMethodDefinition()
            .MakeGenericMethod(use.Type)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, [field, use], culture: null)!;

    private static Expression Of<T>(AvroField field, ShapeUse use)
    {
        var source = new DefaultSource<T>(DefaultBytes.Of(field), DecoderCompiler.Compile<T>(field.Schema, field.Schema, use));

        // What cannot change is made once.
        return use.Shape is EnumShape or ScalarShape { Kind: not (ScalarKind.ByteArray or ScalarKind.Memory) }
            ? Expression.Constant(source.Read(), typeof(T))
            : Expression.Call(Expression.Constant(source), nameof(DefaultSource<T>.Read), null);
    }
}
