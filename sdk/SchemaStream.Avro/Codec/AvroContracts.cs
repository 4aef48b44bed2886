using System.ComponentModel;
using System.Reflection;
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
            Registered<T>.Codec ??= FromInterface<T>();
        }

        return Registered<T>.Codec;
    }

    /// <summary>A generic type's code exists once for each of its arguments: an initialiser cannot name them all.</summary>
    private static AvroCodec<T>? FromInterface<T>()
    {
        var contract = typeof(T).IsGenericType
            ? Array.Find(typeof(T).GetInterfaces(), face => face.IsGenericType
                && face.GetGenericTypeDefinition() == typeof(IAvroContract<>) && face.GenericTypeArguments[0] == typeof(T))
            : null;
        return contract is null
            ? null
            : (AvroCodec<T>)typeof(AvroContracts).GetMethod(nameof(CodecOf), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(typeof(T)).Invoke(null, null)!;
    }

    private static AvroCodec<T> CodecOf<T>()
        where T : IAvroContract<T> =>
        T.Codec;

    private static class Registered<T>
    {
        public static AvroCodec<T>? Codec;
    }
}
