using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Printing;

/// <summary>Puts into one order what may stand in any: imports, fields, values, reservations.</summary>
/// <remarks>Messages keep theirs: on the wire a message is named by its place in the file.</remarks>
internal static class NormalForm
{
    public static FileDescriptorProto Of(FileDescriptorProto file)
    {
        var result = file.Clone();
        SortImports(result, file);
        foreach (var message in result.MessageType)
        {
            Sort(message);
        }

        foreach (var item in result.EnumType)
        {
            Sort(item);
        }

        SortExtensions(result.Extension);
        foreach (var method in result.Service.SelectMany(static s => s.Method))
        {
            // Braces with nothing in them say nothing.
            if (method.Options is { } options && options.CalculateSize() == 0)
            {
                method.Options = null;
            }
        }

        return result;
    }

    private static void SortImports(FileDescriptorProto result, FileDescriptorProto file)
    {
        var order = Enumerable.Range(0, file.Dependency.Count).OrderBy(i => file.Dependency[i], StringComparer.Ordinal).ToList();
        Replace(result.Dependency, order.Select(i => file.Dependency[i]));
        Replace(result.PublicDependency, file.PublicDependency.Select(i => order.IndexOf(i)).Order());
        Replace(result.WeakDependency, file.WeakDependency.Select(i => order.IndexOf(i)).Order());
    }

    private static void Sort(DescriptorProto message)
    {
        SortFields(message);
        Replace(message.ReservedRange, message.ReservedRange.OrderBy(static r => r.Start));
        Replace(message.ReservedName, message.ReservedName.Order(StringComparer.Ordinal));
        Replace(message.ExtensionRange, message.ExtensionRange.OrderBy(static r => r.Start));
        SortExtensions(message.Extension);
        foreach (var nested in message.NestedType)
        {
            Sort(nested);
        }

        foreach (var item in message.EnumType)
        {
            Sort(item);
        }

        // Those that maps and groups make first, in the order of their fields: where the printer puts them by itself.
        var made = new Dictionary<string, int>(StringComparer.Ordinal);
        var groups = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in message.Field.Where(static f => f.HasTypeName))
        {
            var name = field.TypeName[(field.TypeName.LastIndexOf('.') + 1)..];
            made.TryAdd(name, made.Count);
            if (field.Type == Type.Group)
            {
                groups.Add(name);
            }
        }

        Replace(message.NestedType, message.NestedType.OrderBy(nested =>
            nested.Options is { MapEntry: true } || groups.Contains(nested.Name)
                ? made.GetValueOrDefault(nested.Name, int.MaxValue)
                : int.MaxValue));
    }

    // Plain fields by number, then the oneofs by their first.
    private static void SortFields(DescriptorProto message)
    {
        var byNumber = message.Field.OrderBy(static f => f.Number).ToList();
        var plain = byNumber.Where(static f => !f.HasOneofIndex || f.Proto3Optional);
        var oneofs = byNumber.Where(static f => f.HasOneofIndex && !f.Proto3Optional).GroupBy(static f => f.OneofIndex).ToList();
        var old = message.OneofDecl.ToList();
        var fields = plain.Concat(oneofs.SelectMany(static o => o)).ToList();
        message.OneofDecl.Clear();
        foreach (var group in oneofs)
        {
            Move(group, message.OneofDecl, old);
        }

        foreach (var group in fields.Where(static f => f.Proto3Optional).GroupBy(static f => f.OneofIndex).ToList())
        {
            Move(group, message.OneofDecl, old);
        }

        Replace(message.Field, fields);
    }

    private static void Move(
        IGrouping<int, FieldDescriptorProto> group, RepeatedField<OneofDescriptorProto> oneofs, List<OneofDescriptorProto> old)
    {
        foreach (var field in group.ToList())
        {
            field.OneofIndex = oneofs.Count;
        }

        oneofs.Add(old[group.Key]);
    }

    private static void SortExtensions(RepeatedField<FieldDescriptorProto> extensions) => Replace(
        extensions, extensions.OrderBy(static e => e.Extendee, StringComparer.Ordinal).ThenBy(static e => e.Number));

    private static void Sort(EnumDescriptorProto item)
    {
        // The first value is the default of proto2's fields and the zero of proto3's: it stays the first.
        Replace(item.Value, item.Value.Take(1).Concat(item.Value.Skip(1)
            .OrderBy(static v => v.Number).ThenBy(static v => v.Name, StringComparer.Ordinal)));
        Replace(item.ReservedRange, item.ReservedRange.OrderBy(static r => r.Start));
        Replace(item.ReservedName, item.ReservedName.Order(StringComparer.Ordinal));
    }

    private static void Replace<T>(RepeatedField<T> list, IEnumerable<T> items)
    {
        var copy = items.ToList();
        list.Clear();
        list.AddRange(copy);
    }
}
