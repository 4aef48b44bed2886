using System.Reflection;
using SchemaStream.Analyzers.Locks;

namespace SchemaStream.Cli.Schemas.Locking;

/// <summary>The contracts that a compiled program declares: its topics, and its types with <c>[SchemaStreamContract]</c>.</summary>
/// <remarks>
/// Topics are values, so the fields that hold them are read, which runs what initialises them: a lock is written from one's
/// own program, never from an assembly of unknown origin.
/// </remarks>
internal static class ProgramContracts
{
    private const string Backward = "BACKWARD";

    /// <summary>A contract per topic's slot that has a schema, and per type that no topic carries.</summary>
    /// <param name="path">The program's assembly.</param>
    /// <param name="warnings">Told of topics whose schema cannot be derived without the program's own serializers.</param>
    /// <exception cref="ProgramContractsException">The program cannot be loaded, or an Avro type has no schema.</exception>
    public static IReadOnlyList<ProgramContract> Of(string path, Action<string> warnings)
    {
        var program = LoadedProgram.Load(path);
        try
        {
            var types = program.GetTypes();
            var schemas = new ProgramSchemas(program, types);
            var topics = types.SelectMany(type => StaticMembers.Of<ITopic>([type]).Select(topic => (Topic: topic, Declaring: type)));
            var contracts = new List<ProgramContract>();
            foreach (var (topic, declaring) in topics.DistinctBy(each => each.Topic.Name))
            {
                var arguments = topic.GetType().GetGenericArguments();

                // Another schema id would change the key's bytes, and so its partition.
                Add(topic, "key", topic.KeyFormat, arguments[0], LockEntry.Frozen, declaring);
                Add(topic, "value", topic.ValueFormat, arguments[1], Backward, declaring);
            }

            var carried = contracts.Select(contract => contract.Type).ToHashSet();
            contracts.AddRange(types.Where(type => type.IsDefined(typeof(SchemaStreamContractAttribute), inherit: false))
                .Concat(program.GetCustomAttributes<SchemaStreamContractAttribute>().Select(named => named.Type).OfType<Type>())
                .Where(type => !type.ContainsGenericParameters && !carried.Contains(type))
                .Select(type => schemas.Complete(new LockEntry(null, null, NameOf(type), LockEntry.Avro, Backward, ""), type, null)));
            return contracts;

            void Add(ITopic topic, string slot, SchemaFormat format, Type type, string level, Type declaring)
            {
                if (!SchemaFormatNames.HasSchema(format))
                {
                    return;
                }

                try
                {
                    contracts.Add(schemas.Complete(new LockEntry(topic.Name, slot, NameOf(type), SchemaFormatNames.NameOf(format), level, ""), type, declaring));
                }
                catch (ProgramContractsException e) when (format != SchemaFormat.Avro)
                {
                    // A provider of the program's own may write the type; nothing here knows how.
                    warnings($"not locked: {e.Message}");
                }
            }
        }
        catch (ReflectionTypeLoadException e)
        {
            throw new ProgramContractsException($"{path} cannot be loaded: {e.LoaderExceptions.FirstOrDefault()?.Message}", e);
        }
        catch (Exception e) when (e is FileNotFoundException or TypeLoadException or MissingMethodException or TargetInvocationException)
        {
            // A published schemastream has of the framework only what it needs itself.
            throw new ProgramContractsException(
                $"{path} cannot be loaded: {e.GetBaseException().Message} Where a part of the framework is what is missing, use " +
                "schemastream as the .NET tool (SchemaStream.Cli), which has the whole framework.", e);
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
internal sealed class ProgramContractsException(string message, Exception? inner = null) : Exception(message, inner);
