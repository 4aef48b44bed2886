using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Numerics;
using System.Reflection;
using SchemaStream.Avro.Codec;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Derivation;

/// <summary>
/// Classes as avrogen generates them, known by their members alone: a <c>Schema</c> whose text is the schema, <c>Get(int)</c>
/// and <c>Put(int, object)</c>. The library that they were generated for need not be there.
/// </summary>
[RequiresUnreferencedCode(AvroReflection.Trimming)]
[RequiresDynamicCode(AvroReflection.DynamicCode)]
internal static class SpecificTypes
{
    private const BindingFlags Static = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The method that gives a field's value by its position; null when a type is no such class.</summary>
    public static MethodInfo? GetMethod(Type type) =>
        IsMade(type) && PutMethod(type) is not null && type.GetMethod("Get", [typeof(int)]) is { } get && get.ReturnType == typeof(object)
            ? get
            : null;

    /// <summary>The method that takes a field's value by its position.</summary>
    public static MethodInfo? PutMethod(Type type) => type.GetMethod("Put", [typeof(int), typeof(object)]);

    /// <summary>The schema that a generated class carries.</summary>
    public static AvroSchema SchemaOf(Type type)
    {
        // Generated code keeps it in a static field; the property, which is what the interface has, needs an instance.
        var schema = type.GetField("_SCHEMA", Static)?.GetValue(null)
            ?? type.GetProperty("Schema")!.GetValue(Activator.CreateInstance(type));
        return AvroSchema.Parse(schema?.ToString() ?? "", validation: AvroValidation.Lenient);
    }

    /// <summary>The shape of a generated fixed or of a decimal of another library; null for any other type.</summary>
    public static ScalarShape? Scalar(Type type)
    {
        if (IsMade(type) && type.GetProperty("Value") is { CanWrite: true } value && value.PropertyType == typeof(byte[]))
        {
            return new ScalarShape(type, ScalarKind.ByteArray)
            {
                GivenSchema = SchemaOf(type),
                Adapter = new ScalarAdapter(
                    from => Expression.Property(from, value),
                    bytes => Expression.MemberInit(Expression.New(type), Expression.Bind(value, bytes))),
            };
        }

        if (type is { Name: "AvroDecimal", IsValueType: true }
            && type.GetProperty("UnscaledValue")?.PropertyType == typeof(BigInteger)
            && type.GetProperty("Scale")?.PropertyType == typeof(int)
            && type.GetConstructor([typeof(decimal)]) is { } constructor)
        {
            return new ScalarShape(type, ScalarKind.Decimal)
            {
                IsScaleChosen = true,
                Adapter = new ScalarAdapter(
                    from => Expression.Call(
                        typeof(AvroDecimals), nameof(AvroDecimals.FromUnscaled), null,
                        Expression.Property(from, "UnscaledValue"), Expression.Property(from, "Scale")),
                    number => Expression.New(constructor, number)),
            };
        }

        return null;
    }

    /// <summary>The type that generated code has for a branch of a union behind <see cref="object"/>; null when it is not certain.</summary>
    public static Type? BranchType(AvroSchema schema, Assembly assembly) => (schema.Kind, schema.LogicalType?.Kind) switch
    {
        (AvroSchemaKind.Boolean, _) => typeof(bool),
        (AvroSchemaKind.Int, null) => typeof(int),
        (AvroSchemaKind.Long, null) => typeof(long),
        (AvroSchemaKind.Float, _) => typeof(float),
        (AvroSchemaKind.Double, _) => typeof(double),
        (AvroSchemaKind.String, null) => typeof(string),
        (AvroSchemaKind.String, AvroLogicalKind.Uuid) => typeof(Guid),
        (AvroSchemaKind.Bytes, null) => typeof(byte[]),
        (AvroSchemaKind.Long, AvroLogicalKind.TimestampMillis or AvroLogicalKind.TimestampMicros) => typeof(DateTime),
        (AvroSchemaKind.Record or AvroSchemaKind.Enum or AvroSchemaKind.Fixed, null) => assembly.GetType(schema.FullName),
        _ => null,
    };

    private static bool IsMade(Type type) =>
        type is { IsClass: true, IsAbstract: false } && type.GetProperty("Schema") is { GetMethod.IsPublic: true }
        && type.GetConstructor(Type.EmptyTypes) is not null;
}

/// <summary>A type of another library around a scalar.</summary>
/// <param name="ToScalar">The scalar within a value.</param>
/// <param name="FromScalar">A value around a scalar.</param>
internal sealed record ScalarAdapter(Func<Expression, Expression> ToScalar, Func<Expression, Expression> FromScalar);
