using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SchemaStream.Json.Types;

/// <summary>What System.Text.Json knows of a C# type under given settings.</summary>
internal static class TypeContracts
{
    public static JsonTypeInfo<T> Of<T>(JsonSerializerOptions options)
    {
        try
        {
            if (options.TypeInfoResolver is null)
            {
                options.MakeReadOnly(populateMissingResolver: true);
            }

            return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        }
        catch (Exception misfit) when (misfit is NotSupportedException or InvalidOperationException)
        {
            throw new SchemaSerializationException($"{typeof(T)} cannot be written as JSON: {misfit.Message}", misfit);
        }
    }
}
