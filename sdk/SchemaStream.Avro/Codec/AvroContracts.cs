using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace SchemaStream.Avro.Codec;

/// <summary>Where generated code is found by its type.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class AvroContracts
{
    /// <summary>Makes a type's generated code known. Module initialisers that the generator writes call it.</summary>
    /// <param name="codec">The code.</param>
    /// <typeparam name="T">The type.</typeparam>
    public static void Register<T>(AvroCodec<T> codec) => Registered<T>.Codec = codec;

    /// <summary>The generated code of a type; null when it has none.</summary>
    /// <typeparam name="T">The type.</typeparam>
    internal static AvroCodec<T>? Find<T>()
    {
        if (Registered<T>.Codec is null)
        {
            // Nothing may have run in the type's assembly yet, its initialiser included.
            RuntimeHelpers.RunModuleConstructor(typeof(T).Module.ModuleHandle);
        }

        return Registered<T>.Codec;
    }

    private static class Registered<T>
    {
        public static AvroCodec<T>? Codec;
    }
}
