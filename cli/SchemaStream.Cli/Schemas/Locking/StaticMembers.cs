using System.Reflection;

namespace SchemaStream.Cli.Schemas.Locking;

/// <summary>What a program's classes hold in static fields and properties. To read them runs what initialises them.</summary>
internal static class StaticMembers
{
    private const BindingFlags Statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The values of one kind.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <param name="types">The classes; generic ones without their arguments have none.</param>
    public static IEnumerable<T> Of<T>(IEnumerable<Type> types) => types.Where(type => !type.ContainsGenericParameters).SelectMany(Values<T>);

    private static IEnumerable<T> Values<T>(Type type)
    {
        var fields = type.GetFields(Statics).Where(field => typeof(T).IsAssignableFrom(field.FieldType)).Select(field => field.GetValue(null));
        var properties = type.GetProperties(Statics)
            .Where(property => typeof(T).IsAssignableFrom(property.PropertyType) && property.CanRead && property.GetIndexParameters().Length == 0)
            .Select(property => property.GetValue(null));
        return fields.Concat(properties).OfType<T>();
    }
}
