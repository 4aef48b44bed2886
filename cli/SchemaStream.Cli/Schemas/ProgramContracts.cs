using System.Reflection;
using SchemaStream.Analyzers.Locks;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Cli.Schemas;

/// <summary>The contracts that a compiled program declares: its topics, and its types with <c>[SchemaStreamContract]</c>.</summary>
/// <remarks>
/// Topics are values, so the fields that hold them are read, which runs what initialises them: a lock is written from one's
/// own program, never from an assembly of unknown origin.
/// </remarks>
internal static class ProgramContracts
{
    private const string Avro = "AVRO";
    private const string Backward = "BACKWARD";

    /// <summary>An entry per topic's slot that has a schema, and per type that no topic carries.</summary>
    /// <exception cref="ProgramContractsException">The program cannot be loaded, or a type has no schema.</exception>
    public static IReadOnlyList<LockEntry> Of(string path)
    {
        var program = LoadedProgram.Load(path);
        try
        {
            var types = program.GetTypes();
            var entries = types.SelectMany(TopicsOf).DistinctBy(topic => topic.Name).SelectMany(EntriesOf).ToList();
            var carried = entries.Select(entry => entry.Type).ToHashSet();
            entries.AddRange(types.Where(type => type.IsDefined(typeof(SchemaStreamContractAttribute), inherit: false))
                .Concat(program.GetCustomAttributes<SchemaStreamContractAttribute>().Select(named => named.Type).OfType<Type>())
                .Where(type => !type.ContainsGenericParameters && !carried.Contains(NameOf(type)))
                .Select(type => new LockEntry(null, null, NameOf(type), Avro, Backward, SchemaOf(type))));
            return entries;
        }
        catch (ReflectionTypeLoadException e)
        {
            throw new ProgramContractsException($"{path} cannot be loaded: {e.LoaderExceptions.FirstOrDefault()?.Message}", e);
        }
        catch (Exception e) when (e is FileNotFoundException or TypeLoadException or MissingMethodException or TargetInvocationException)
        {
            // A published schemastream has of the framework only what it needs itself.
            throw new ProgramContractsException(
                $"{path} cannot be loaded: {(e.InnerException ?? e).Message} Where a part of the framework is what is missing, use " +
                "schemastream as the .NET tool (SchemaStream.Cli), which has the whole framework.", e);
        }
    }

    private static IEnumerable<ITopic> TopicsOf(Type type)
    {
        const BindingFlags statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        if (type.ContainsGenericParameters)
        {
            return [];
        }

        var fields = type.GetFields(statics).Where(field => typeof(ITopic).IsAssignableFrom(field.FieldType)).Select(field => field.GetValue(null));
        var properties = type.GetProperties(statics)
            .Where(property => typeof(ITopic).IsAssignableFrom(property.PropertyType) && property.CanRead).Select(property => property.GetValue(null));
        return fields.Concat(properties).OfType<ITopic>();
    }

    private static IEnumerable<LockEntry> EntriesOf(ITopic topic)
    {
        var types = topic.GetType().GetGenericArguments();
        if (topic.KeyFormat == SchemaFormat.Avro)
        {
            // Another schema id would change the key's bytes, and so its partition.
            yield return new LockEntry(topic.Name, "key", NameOf(types[0]), Avro, LockEntry.Frozen, SchemaOf(types[0]));
        }

        if (topic.ValueFormat == SchemaFormat.Avro)
        {
            yield return new LockEntry(topic.Name, "value", NameOf(types[1]), Avro, Backward, SchemaOf(types[1]));
        }
    }

    private static string SchemaOf(Type type)
    {
        try
        {
            return AvroSchema.FromType(type).ToJson();
        }
        catch (AvroSchemaException e)
        {
            throw new ProgramContractsException(e.Message, e);
        }
    }

    /// <summary>The type's full name as the lock file has it: <c>Acme.Page&lt;Acme.Order&gt;</c>.</summary>
    private static string NameOf(Type type)
    {
        if (type.IsArray)
        {
            return NameOf(type.GetElementType()!) + "[]";
        }

        if (!type.IsGenericType)
        {
            return type.FullName!;
        }

        var definition = type.GetGenericTypeDefinition().FullName!;
        return $"{definition[..definition.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(',', type.GetGenericArguments().Select(NameOf))}>";
    }
}

/// <summary>A program whose contracts cannot be read.</summary>
internal sealed class ProgramContractsException(string message, Exception inner) : Exception(message, inner);
