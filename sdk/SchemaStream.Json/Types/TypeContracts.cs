using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SchemaStream.Json.Types;

/// <summary>What System.Text.Json knows of a C# type under given settings.</summary>
internal static class TypeContracts
{
    private const string Guarded = "Where programs are trimmed or compiled ahead, the switch that is asked is off.";

    /// <summary>A type under settings, all of which can be written and read.</summary>
    /// <exception cref="SchemaSerializationException">The settings do not know the type, or would not read what they write.</exception>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Guarded)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = Guarded)]
    public static JsonTypeInfo<T> Of<T>(JsonSerializerOptions options)
    {
        try
        {
            if (options.TypeInfoResolver is null && JsonSerializer.IsReflectionEnabledByDefault)
            {
                options.MakeReadOnly(populateMissingResolver: true);
            }

            var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
            ReadBack.Demand(type);
            return type;
        }
        catch (Exception misfit) when (misfit is NotSupportedException or InvalidOperationException)
        {
            throw new SchemaSerializationException($"{typeof(T)} cannot be written as JSON: {misfit.Message}", misfit);
        }
    }
}
