using System.Text;
using ICPO.Jinja.Syntax;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Rendering;

/// <summary>Runs a parsed template once: statements here, expressions in the other part.</summary>
internal sealed partial class TemplateRenderer
{
    private const int MostDepth = 500;
    private const string TooDeep = "maximum recursion depth exceeded";

    [ThreadStatic]
    private static TemplateRenderer? _current;

    private readonly StringBuilder _root = new();
    private readonly List<(int Start, int Length)> _generations = [];
    private StringBuilder _output;
    private Scope _top = new(null);
    private int _line;
    private int _depth;

    private TemplateRenderer() => _output = _root;

    /// <summary>How a body ended: a loop around it can be left from inside of it.</summary>
    public enum Flow
    {
        Normal,
        Break,
        Continue,
    }

    /// <summary>
    /// The budget of the rendering that runs on this thread: methods of values are plain functions and have no other way to it.
    /// </summary>
    public static Budget CurrentBudget => _current!.Budget;

    /// <summary>Counts what is made of a value of any depth: characters printed, elements hashed.</summary>
    public static void Charge(long count) => _current?.Budget.Make(count);

    /// <summary>Counts a text that becomes an element of a list.</summary>
    public static void ChargePart(long length)
    {
        _current?.Budget.MakeElements(1);
        Charge(length);
    }

    /// <summary>Counts text that is searched, compared or measured, and values that are gone through.</summary>
    /// <param name="length">In characters or values.</param>
    /// <param name="perStep">How many of them take about as long as a step of evaluation.</param>
    public static void Scan(long length, int perStep = 64) => _current?.Budget.Step(length / perStep);

    public Budget Budget { get; } = new();

    /// <summary>Renders.</summary>
    /// <param name="template">Its name, for errors.</param>
    /// <param name="frame">What was parsed.</param>
    /// <param name="variables">What the template can name.</param>
    /// <returns>The text, and where in it text of the model stands: [start, end) in code points.</returns>
    /// <exception cref="TemplateException">It fails; names the line.</exception>
    public static (string Text, IReadOnlyList<(int Start, int End)> Generations) Render(
        string template,
        Frame frame,
        IEnumerable<KeyValuePair<string, object?>> variables
    )
    {
        (TemplateRenderer? renderer, TemplateRenderer? outside) = (new TemplateRenderer(), _current);
        _current = renderer;
        try
        {
            var globals = new Scope(null);
            foreach ((string? name, object? value) in variables)
            {
                globals.Set(name, value);
            }

            renderer.Execute(frame.Body, renderer._top = Open(frame, globals));
            return renderer.Result();
        }
        catch (TemplateFault fault)
        {
            throw new TemplateException(template, renderer._line, fault.Message, fault.RaisedByTemplate, fault);
        }
        finally
        {
            _current = outside;
        }
    }

    /// <summary>Renders a body on its own and gives its text and how it ended.</summary>
    public (string Text, Flow Flow) Capture(IReadOnlyList<Statement> body, Scope scope)
    {
        (StringBuilder? outside, StringBuilder? inside) = (_output, new StringBuilder());
        _output = inside;
        Flow flow = Execute(body, scope);
        _output = outside;
        return (inside.ToString(), flow);
    }

    private (string Text, IReadOnlyList<(int Start, int End)> Generations) Result()
    {
        string text = _root.ToString();
        var spans = new List<(int, int)>();
        (int at, int from) = (0, 0);
        foreach ((int start, int length) in _generations)
        {
            from += PythonText.Length(text.AsSpan(at, start - at));
            at = start;
            spans.Add((from, from + length));
        }

        return (text, spans);
    }

    private Flow Execute(Frame frame, Scope outer) => Execute(frame.Body, Open(frame, outer));

    /// <summary>A frame's scope as it begins.</summary>
    public static Scope Open(Frame frame, Scope outer)
    {
        var scope = new Scope(outer);
        foreach (string name in frame.Names.Blank)
        {
            scope.Set(name, Undefined.Name(name));
        }

        return scope;
    }

    private Flow Execute(IReadOnlyList<Statement> body, Scope scope)
    {
        CallStack.Require(TooDeep);
        foreach (Statement statement in body)
        {
            Flow flow = Execute(statement, scope);
            if (flow != Flow.Normal)
            {
                return flow;
            }
        }

        return Flow.Normal;
    }

    private Flow Execute(Statement statement, Scope scope)
    {
        Budget.Step();
        _line = statement.Line;
        switch (statement)
        {
            case Text text:
                Write(text.Value);
                return Flow.Normal;
            case Print print:
                Write(PythonText.Str(Evaluate(print.Value, scope)));
                return Flow.Normal;
            case Assign assign:
                SetTarget(assign.Target, Evaluate(assign.Value, scope), scope);
                return Flow.Normal;
            case If choice:
                return Execute(PythonCompare.Truth(Evaluate(choice.Test, scope)) ? choice.Then : choice.Else, scope);
            case For loop:
                return Loop(loop, Evaluate(loop.Items, scope), scope, 0);
            case LoopControl control:
                return control.Break ? Flow.Break : Flow.Continue;
            case MacroDefinition macro:
                scope.Set(macro.Identifier!, new Macro(macro, scope, this));
                return Flow.Normal;
            case AssignBlock block:
                (string? content, Flow ended) = Capture(block.Body.Body, Open(block.Body, scope));
                if (ended == Flow.Normal)
                {
                    SetTarget(block.Target, block.Filters is null ? content : EvaluateChain(block.Filters, content, scope), scope);
                }

                return ended;
            case FilterBlock block:
                (string Text, Flow Flow) captured = Capture(block.Body.Body, Open(block.Body, scope));
                if (captured.Flow == Flow.Normal)
                {
                    WriteText(EvaluateChain(block.Filters, captured.Text, scope));
                }

                return captured.Flow;
            case CallBlock block:
                var caller = KeyValuePair.Create("caller", (object?)new Macro(block.Caller, scope, this));
                Arguments arguments = EvaluateArguments(block.Call.Arguments, scope);
                WriteText(Invoke(Evaluate(block.Call.Target, scope), arguments with { Named = [.. arguments.Named, caller] }));
                return Flow.Normal;
            case With with:
                Scope inner = Open(with.Body, scope);
                foreach ((Expression? target, Expression? value) in with.Values)
                {
                    SetTarget(target, Evaluate(value, scope), inner);
                }

                return Execute(with.Body.Body, inner);
            case Block block:
                return Execute(block.Body, block.Scoped ? scope : _top);
            case Generation generation:
                int start = _root.Length;
                string text2 = Capture(generation.Body.Body, Open(generation.Body, scope)).Text;
                _generations.Add((start, PythonText.Length(text2)));
                Write(text2);
                return Flow.Normal;
            default:
                throw new TemplateFault($"the statement {statement.GetType().Name} is not supported");
        }
    }

    /// <summary>Writes what a filter or call block gave, which Jinja2 does not turn into text.</summary>
    private void WriteText(object? value) =>
        Write(PythonText.AsText(value) ?? throw new TemplateFault($"expected str instance, {PythonText.TypeName(value)} found"));

    private void Write(string text)
    {
        Budget.Make(text.Length);
        _output.Append(text);
    }

    /// <returns>How its else ended, which can leave the loop around this one.</returns>
    private Flow Loop(For loop, object? source, Scope scope, int level)
    {
        Enter();
        object? counted = source;
        IEnumerable<object?> items = PythonCompare.Iterate(source);
        if (loop.Test is not null)
        {
            (counted, items) = (
                null,
                items.Where(item =>
                {
                    var test = new Scope(scope); // "loop" is the loop outside, if there is one
                    SetTarget(loop.Target, item, test);
                    return PythonCompare.Truth(Evaluate(loop.Test, test));
                })
            );
        }

        var state = new LoopState(counted, items, level, loop.Recursive ? (nested, deeper) => Nested(loop, nested, scope, deeper) : null);
        bool completed = false; // "else" also follows a loop whose every round was cut short
        while (state.Next(out object? item))
        {
            Budget.Step();
            Scope inner = Open(loop.Body, scope);
            inner.Set("loop", state);
            SetTarget(loop.Target, item, inner);
            Flow flow = Execute(loop.Body.Body, inner);
            completed |= flow == Flow.Normal;
            if (flow == Flow.Break)
            {
                break;
            }
        }

        _depth--;
        return !completed && loop.Else is not null ? Execute(loop.Else, scope) : Flow.Normal;
    }

    private string Nested(For loop, object? source, Scope scope, int level)
    {
        (StringBuilder? outside, StringBuilder? inside) = (_output, new StringBuilder());
        _output = inside;
        Loop(loop, source, scope, level);
        _output = outside;
        return inside.ToString();
    }

    private static void SetTarget(Expression target, object? value, Scope scope)
    {
        CallStack.Require(TooDeep);
        switch (target)
        {
            case Name name:
                scope.Set(name.Identifier, value);
                break;
            case NamespaceAttribute attribute:
                TemplateNamespace space =
                    scope.Get(attribute.Identifier) as TemplateNamespace
                    ?? throw new TemplateFault("cannot assign attribute on non-namespace object");
                space.Attributes[attribute.Attribute] = value;
                break;
            case TupleLiteral tuple:
                object?[] items = PythonCompare.Iterate(value).Take(tuple.Items.Count + 1).ToArray();
                if (items.Length != tuple.Items.Count)
                {
                    throw new TemplateFault(
                        items.Length > tuple.Items.Count
                            ? $"too many values to unpack (expected {tuple.Items.Count})"
                            : $"not enough values to unpack (expected {tuple.Items.Count}, got {items.Length})"
                    );
                }

                for (int i = 0; i < items.Length; i++)
                {
                    SetTarget(tuple.Items[i], items[i], scope);
                }

                break;
        }
    }

    private void Enter()
    {
        if (++_depth > MostDepth)
        {
            throw new TemplateFault(TooDeep);
        }

        CallStack.Require(TooDeep);
    }
}
