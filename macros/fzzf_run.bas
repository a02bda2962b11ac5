Attribute VB_Name = "fzzf_run"
Option Explicit

' Why a workbook is refused before Python is started: received files are hostile, and xlwings
' - takes its settings, the interpreter's path too, first from a sheet of the active workbook and
'   from a file beside it;
' - runs code out of sheets named *.py;
' - pastes the workbook's full name into a command line of cmd.exe, where ^ and %...% mean
'   something, and into a search path for modules that is split at ;

Public Sub RunJob(ByVal job As String)
    Dim problem As String
    On Error GoTo Failed
    problem = FindProblem()
    If problem = "" Then
        RunPython PythonCommand(job)
    Else
        Tell Setting(problem)
    End If
    Exit Sub
Failed:
    Tell Setting("MESSAGE_FAILED") & vbLf & Err.Description
End Sub

' Empty entries of sys.path mean the current folder, where Excel may have opened a received file.
Public Function PythonCommand(ByVal job As String) As String
    PythonCommand = "import sys; sys.path[:] = [p for p in sys.path if p]; " & _
        "import xl_fzzf.faces.excel.ribbon; xl_fzzf.faces.excel.ribbon." & job & "()"
End Function

Public Function FindProblem() As String
    If ActiveWorkbook Is Nothing Then
        FindProblem = "MESSAGE_NO_WORKBOOK"
    ElseIf HasUnsafeName(ActiveWorkbook.FullName) Then
        FindProblem = "MESSAGE_UNSAFE_NAME"
    ElseIf HasOwnSettings(ActiveWorkbook) Then
        FindProblem = "MESSAGE_OWN_SETTINGS"
    End If
End Function

Public Function HasUnsafeName(ByVal fullName As String) As Boolean
    HasUnsafeName = InStr(fullName, "^") > 0 Or InStr(fullName, ";") > 0 _
        Or UBound(Split(fullName, "%")) > 1
End Function

Public Function HasOwnSettings(ByVal book As Workbook) As Boolean
    Dim sheet As Worksheet
    For Each sheet In book.Worksheets
        If LCase$(sheet.Name) = PROJECT_NAME & ".conf" Or LCase$(Right$(sheet.Name, 3)) = ".py" Then
            HasOwnSettings = True
        End If
    Next sheet
    If FileExists(GetDirectoryConfigFilePath()) Then HasOwnSettings = True
End Function

' Texts stand on the add-in's own sheet, since VBA source is not Unicode.
Public Function Setting(ByVal key As String) As String
    Dim row As Long
    Dim sheet As Worksheet
    Set sheet = ThisWorkbook.Worksheets(PROJECT_NAME & ".conf")
    row = 1
    Do While sheet.Cells(row, 1).Value <> ""
        If sheet.Cells(row, 1).Value = key Then Setting = sheet.Cells(row, 2).Value
        row = row + 1
    Loop
End Function
